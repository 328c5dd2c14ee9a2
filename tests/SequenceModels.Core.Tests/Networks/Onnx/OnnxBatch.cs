using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;

namespace SequenceModels.Tests.Networks;

/// <summary>A batch of rows as ONNX Runtime takes it: ragged, padded with numbers that must not count.</summary>
internal sealed class OnnxBatch(StepFeatures features, IReadOnlyList<Example> rows)
{
    private readonly int _steps = rows.Max(row => Length(features, row));

    public static int Length(StepFeatures features, Example row) => features[0].Kind switch
    {
        StepFeatureKind.Tokens => row.Tokens!.Length,
        StepFeatureKind.Frames => row.Frames!.Length / features[0].StepSize,
        _ => throw new NotSupportedException(),
    };

    public List<NamedOnnxValue> Inputs(bool sparse = false)
    {
        List<NamedOnnxValue> inputs = [.. features.Select((feature, place) =>
            Input(feature, place, features.Count == 1 ? "" : $"{place + 1}")),
            NamedOnnxValue.CreateFromTensor("lengths", new DenseTensor<long>(
                rows.Select(row => (long)Length(features, row)).ToArray(), [rows.Count]))];
        int size = rows[0].RowFeatures.Length;
        if (size > 0 && !sparse)
            inputs.Add(NamedOnnxValue.CreateFromTensor("row_features",
                new DenseTensor<float>(rows.SelectMany(row => row.RowFeatures).ToArray(), [rows.Count, size])));
        else if (size > 0)
        {
            var slots = new DenseTensor<long>([rows.Count, size]);
            var values = new DenseTensor<float>([rows.Count, size]);
            for (int row = 0; row < rows.Count; row++)
                for (int i = 0, at = 0; i < size; i++)
                {
                    (slots[row, i], values[row, i]) = (-1, 7);
                    if (rows[row].RowFeatures[i] != 0)
                        (slots[row, at], values[row, at++]) = (i, rows[row].RowFeatures[i]);
                }
            inputs.Add(NamedOnnxValue.CreateFromTensor("row_slots", slots));
            inputs.Add(NamedOnnxValue.CreateFromTensor("row_values", values));
        }
        return inputs;
    }

    private NamedOnnxValue Input(StepFeature feature, int place, string number)
    {
        switch (feature.Kind)
        {
            case StepFeatureKind.Tokens:
                var tokens = new DenseTensor<long>([rows.Count, _steps]);
                tokens.Fill(feature.Size + 3);
                ForEach((row, t, example) =>
                    tokens[row, t] = (place == 0 ? example.Tokens : example.Features[place - 1].Tokens)![t]);
                return NamedOnnxValue.CreateFromTensor($"tokens{number}", tokens);
            case StepFeatureKind.Frames:
                int size = feature.StepSize;
                var frames = new DenseTensor<float>([rows.Count, _steps, size]);
                frames.Fill(1e6f);
                ForEach((row, t, example) =>
                {
                    for (int i = 0; i < size; i++)
                        frames[row, t, i] = (place == 0 ? example.Frames : example.Features[place - 1].Frames)![t * size + i];
                });
                return NamedOnnxValue.CreateFromTensor($"frames{number}", frames);
            default:
                int longest = rows.Max(row => row.Features[place - 1].Words!.Max(word => (int?)word.Length) ?? 0);
                var characters = new DenseTensor<long>([rows.Count, _steps, longest]);
                characters.Fill(-1);
                ForEach((row, t, example) =>
                {
                    uint[] word = example.Features[place - 1].Words![t];
                    for (int i = 0; i < word.Length; i++)
                        characters[row, t, i] = word[i];
                });
                return NamedOnnxValue.CreateFromTensor(
                    $"{(feature.Kind == StepFeatureKind.Subwords ? "subwords" : "characters")}{number}", characters);
        }
    }

    private void ForEach(Action<int, int, Example> visit)
    {
        for (int row = 0; row < rows.Count; row++)
            for (int t = 0; t < Length(features, rows[row]); t++)
                visit(row, t, rows[row]);
    }
}
