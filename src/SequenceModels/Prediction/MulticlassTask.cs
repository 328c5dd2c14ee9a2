using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Onnx;
using SequenceModels.Scoring;

namespace SequenceModels.Prediction;

/// <summary>K classes. Score holds the probability of each, PredictedLabel the key of the likeliest.</summary>
internal sealed class MulticlassTask : SequenceTask
{
    public override string ScoreKind => "MulticlassClassification";

    public override HeadKind Head => HeadKind.Softmax;

    public override ColumnRule Label { get; } = new("a label of keys (byte, ushort or uint; MapValueToKey makes them)", column =>
        IsScalar(column, NumberDataViewType.Byte, isKey: true) || IsScalar(column, NumberDataViewType.UInt16, isKey: true) ||
        IsScalar(column, NumberDataViewType.UInt32, isKey: true));

    public override bool NeedsTwoClasses => true;

    public override ClassNames? NamesLike(SchemaShape.Column label) => ClassNames.Like(label);

    public override ValueGetter<float> GetTarget(DataViewRow row, DataViewSchema.Column label)
    {
        Type raw = label.Type.RawType;
        return raw == typeof(byte) ? GetTarget<byte>(row, label, key => key)
            : raw == typeof(ushort) ? GetTarget<ushort>(row, label, key => key)
            : GetTarget<uint>(row, label, key => key);
    }

    public override IEnumerable<DataViewSchema.DetachedColumn> OutputColumns(int outputs, ClassNames? names, uint setId)
    {
        var annotations = new ScoreAnnotations(ScoreKind, setId);
        return
        [
            new("PredictedLabel", new KeyDataViewType(typeof(uint), outputs),
                annotations.Create("PredictedLabel", more => names?.AddTo(more, "KeyValues"))),
            new("Score", new VectorDataViewType(NumberDataViewType.Single, outputs), annotations.Create("Score", more =>
            {
                names?.AddTo(more, "TrainingLabelValues");
                if (names is { AreText: true })
                    names.AddTo(more, "SlotNames");
            })),
        ];
    }

    public override Predicted Decide(ReadOnlySpan<float> scores, ClassNames? names, float threshold)
    {
        int likeliest = TensorPrimitives.IndexOfMax(scores);
        return new(likeliest, NameClasses(names)(likeliest));
    }

    public override Delegate[] MakeGetters(IRowScores scores, float threshold) =>
    [
        (ValueGetter<uint>)((ref uint key) => key = (uint)TensorPrimitives.IndexOfMax(scores.Scores) + 1),
        (ValueGetter<VBuffer<float>>)((ref VBuffer<float> probabilities) =>
        {
            ReadOnlySpan<float> row = scores.Scores;
            VBufferEditor<float> editor = VBufferEditor.Create(ref probabilities, row.Length);
            row.CopyTo(editor.Values);
            probabilities = editor.Commit();
        }),
    ];

    public override string[] WriteOnnx(OnnxGraph graph, OnnxAnswers answers, float threshold)
    {
        string keys = graph.Reshape(graph.Sum(answers.Labels!, graph.Integer(1)), -1, 1);
        return [graph.Cast(keys, OnnxElement.UInt32), answers.Scores];
    }

    private static ValueGetter<float> GetTarget<TKey>(DataViewRow row, DataViewSchema.Column label, Func<TKey, uint> widen)
        where TKey : struct
    {
        ValueGetter<TKey> get = row.GetGetter<TKey>(label);
        ulong count = ((KeyDataViewType)label.Type).Count;
        TKey key = default;
        return (ref float target) =>
        {
            get(ref key);
            uint index = widen(key) - 1; // of a missing key, 0, this is more than any count
            target = index < count ? index : float.NaN;
        };
    }
}
