using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Benchmarks.Accuracy;
using SequenceModels.Columns;
using SequenceModels.Sequences;

namespace SequenceModels.Benchmarks.Onnx;

/// <summary>A pipeline that was trained on real data.</summary>
/// <param name="Name">The data, and what is trained.</param>
/// <param name="Model">From the rows to labels and scores.</param>
/// <param name="Test">Rows that it has not seen.</param>
/// <param name="Network">Its network, to be exported by itself; null: it needs n-grams, which it does not find itself.</param>
/// <param name="Bind">What the network reads in rows of a schema.</param>
internal sealed record OnnxSubject(string Name, ITransformer Model, IDataView Test, SequenceNetwork? Network,
    Func<DataViewSchema, InputColumns> Bind)
{
    /// <summary>All, to be trained on what lies in a folder.</summary>
    public static IReadOnlyList<Func<string, OnnxSubject>> All { get; } = [Intents, Slots, Vowels, Requests, Reviews];

    /// <summary>The test rows as the network reads them.</summary>
    public SequenceDataset Read()
    {
        IDataView rows = Model.Transform(Test);
        InputColumns columns = Bind(rows.Schema);
        SequenceDataset data = columns.NewDataset();
        using DataViewRowCursor cursor = rows.GetRowCursor(rows.Schema);
        InputReader reader = columns.CreateReader(cursor);
        while (cursor.MoveNext())
        {
            reader.Read();
            reader.AddTo(data, [float.NaN]);
        }
        return data;
    }

    private static OnnxSubject Intents(string folder)
    {
        var ml = new MLContext(seed: 1);
        var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.Text.TokenizeIntoSequence("Features", "Text", SequenceTokenization.Whitespace(minimumCount: 2)))
            .Append(ml.MulticlassClassification.Trainers.Lstm(options: Experiments.SnipsOptions))
            .Fit(Texts(ml, folder, "snips", "snips-train.tsv.gz", label: 0, text: 1));
        return new("SNIPS intents", model, Texts(ml, folder, "snips", "snips-test.tsv", label: 0, text: 1),
            model.LastTransformer.Model.Network, model.LastTransformer.BindColumns);
    }

    private static OnnxSubject Slots(string folder)
    {
        var ml = new MLContext(seed: 1);
        IDataView Load(string file) => TaggedText.Load(ml, Path.Combine(folder, "snips", file), words: 1, tags: 2);
        var model = ml.Transforms.Conversion.MapValueToKey("Label", "Tags")
            .Append(ml.Transforms.Text
                .TokenizeIntoSequence("Tokens", "Words", SequenceTokenization.Whitespace(minimumCount: 2, lowercase: true)))
            .Append(ml.Sequences().Tagging.Trainers.Lstm("Label", ["Tokens", "Words"], TaggingExperiments.Spans))
            .Fit(Load("snips-train.tsv.gz"));
        return new("SNIPS slots", model, Load("snips-test.tsv"), model.LastTransformer.Model.Network,
            model.LastTransformer.BindColumns);
    }

    private static OnnxSubject Vowels(string folder)
    {
        var ml = new MLContext(seed: 1);
        IDataView Load(string part) => Experiments.LoadVowels(ml, Path.Combine(folder, "japanese-vowels"), part);
        var model = ml.MulticlassClassification.Trainers.Lstm(options: Experiments.VowelsOptions).Fit(Load("train"));
        return new("Japanese Vowels", model, ml.Data.Cache(Load("test")), model.Model.Network, model.BindColumns);
    }

    private static OnnxSubject Requests(string folder) => OfTexts("SNIPS intents, TextLstm()", (ml, part) =>
        Texts(ml, folder, "snips", part == "train" ? "snips-train.tsv.gz" : "snips-test.tsv", label: 0, text: 1));

    private static OnnxSubject Reviews(string folder) => OfTexts("Naver reviews, TextLstm()", (ml, part) =>
        Texts(ml, folder, "nsmc-korean-sentiment", part == "train" ? "nsmc-train-20k.tsv" : "nsmc-test-5k.tsv", label: 2, text: 1));

    private static OnnxSubject OfTexts(string name, Func<MLContext, string, IDataView> load)
    {
        var ml = new MLContext(seed: 1);
        var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.TextLstm())
            .Fit(load(ml, "train"));
        return new(name, model, load(ml, "test"), null, model.LastTransformer.BindColumns);
    }

    private static IDataView Texts(MLContext ml, string folder, string set, string file, int label, int text) =>
        LabelledText.Load(ml, Path.Combine(folder, set, file), label, text);
}
