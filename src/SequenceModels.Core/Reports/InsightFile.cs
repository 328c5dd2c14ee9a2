using SequenceModels.Files;

namespace SequenceModels.Reports;

/// <summary>
/// A <see cref="NetworkInsight"/> as part of a model file. Every count is checked against the bytes that are left.
/// </summary>
internal static class InsightFile
{
    /// <summary>Of a layer without any figures: its number, its direction and lengths of 0.</summary>
    private const int LeastBytesOfLayer = 10;

    public static void Write(PayloadWriter writer, NetworkInsight insight)
    {
        writer.Write(insight.Rows);
        writer.Write(insight.NumberOfRows);
        writer.Write(insight.ChosenFrom);
        writer.Write(insight.Loss);
        Write(writer, insight.Predictions);
        writer.WriteArray(insight.Layers, Write);
        writer.WriteOptional(insight.Trace, Write);
        writer.WriteOptional(insight.Heard, Write);
    }

    /// <exception cref="InvalidDataException">The payload is no insight, or ends within it.</exception>
    public static NetworkInsight Read(PayloadReader reader)
    {
        var insight = new NetworkInsight
        {
            Rows = reader.ReadString(),
            NumberOfRows = reader.ReadInt32("the number of measured rows", 0, int.MaxValue),
            ChosenFrom = reader.ReadInt32("the number of rows", 0, int.MaxValue),
            Loss = reader.ReadDouble(),
            Predictions = ReadPredictions(reader),
            Layers = reader.ReadArray("layers", LeastBytesOfLayer, ReadLayer),
            Trace = reader.ReadOptional(ReadTrace),
            Heard = reader.ReadOptional(ReadHeard),
        };
        return insight.Layers.Length > 0 ? insight : throw reader.Invalid("it has no layers");
    }

    private static void Write(PayloadWriter writer, Predictions predictions)
    {
        writer.Write(predictions.Classes);
        writer.Write(predictions.Count);
        writer.Write(predictions.RootMeanSquaredError);
        writer.WriteArray(predictions.ClassNames);
        writer.WriteArray(predictions.Confusion, (to, pair) =>
        {
            to.Write(pair.Actual);
            to.Write(pair.Predicted);
            to.Write(pair.Count);
        });
        writer.WriteArray(predictions.Numbers, (to, pair) =>
        {
            to.Write(pair.Actual);
            to.Write(pair.Predicted);
        });
    }

    private static Predictions ReadPredictions(PayloadReader reader)
    {
        int classes = reader.ReadInt32("the number of classes", 0, int.MaxValue),
            count = reader.ReadInt32("the number of predictions", 0, int.MaxValue);
        double error = reader.ReadDouble();
        string[] names = reader.ReadStringArray("class names");
        var predictions = new Predictions
        {
            Classes = classes,
            Count = count,
            RootMeanSquaredError = error,
            ClassNames = names,
            Confusion = reader.ReadArray("pairs of classes", 3 * sizeof(int), from => new ConfusionCount(
                from.ReadInt32("a class", 0, names.Length - 1), from.ReadInt32("a class", 0, names.Length - 1),
                from.ReadInt32("a count", 1, int.MaxValue))),
            Numbers = reader.ReadArray("predicted numbers", 2 * sizeof(float), from =>
                new PredictedNumber(from.ReadFinite("a predicted number"), from.ReadFinite("a predicted number"))),
        };
        if (classes > 0 ? predictions.Confusion.Sum(pair => (long)pair.Count) != count : predictions.Numbers.Length > count)
            throw reader.Invalid("the predictions do not add up");
        return predictions;
    }

    private static void Write(PayloadWriter writer, LayerInsight layer)
    {
        writer.Write(layer.Layer);
        writer.Write(layer.IsReverse);
        writer.WriteArray(layer.GradientNorms);
        writer.WriteArray(layer.Sequences);
        writer.WriteArray(layer.HalfLives);
    }

    private static LayerInsight ReadLayer(PayloadReader reader)
    {
        var layer = new LayerInsight
        {
            Layer = reader.ReadInt32("the number of a layer", 1, int.MaxValue),
            IsReverse = reader.ReadBoolean(),
            GradientNorms = reader.ReadDoubleArray("gradient norms"),
            Sequences = reader.ReadInt32Array("counts of sequences"),
            HalfLives = reader.ReadDoubleArray("half-lives"),
        };
        if (layer.Sequences.Length != layer.GradientNorms.Length || layer.HalfLives.Length is not (0 or 101))
            throw reader.Invalid("the figures of a layer do not fit together");
        return layer;
    }

    private static void Write(PayloadWriter writer, GateTrace trace)
    {
        writer.WriteArray(trace.Steps);
        writer.WriteArray(trace.Layers, (to, layer) =>
        {
            to.Write(layer.Layer);
            to.Write(layer.IsReverse);
            to.WriteArray(layer.Names);
            to.WriteArray(layer.Means, (row, means) => row.WriteArray(means));
        });
    }

    private static void Write(PayloadWriter writer, HeardExample heard)
    {
        writer.WriteArray(heard.Tokens);
        writer.WriteArray(heard.Said);
        writer.WriteArray(heard.Outputs);
        writer.Write(heard.NumberOfSteps);
        writer.WriteArray(heard.Bands, (to, row) => to.WriteArray(row));
        writer.WriteArray(heard.Probabilities, (to, row) => to.WriteArray(row));
    }

    private static HeardExample ReadHeard(PayloadReader reader)
    {
        string[] tokens = reader.ReadStringArray("steps");
        var heard = new HeardExample
        {
            Tokens = tokens,
            Said = reader.ReadStringArray("tokens"),
            Outputs = reader.ReadStringArray("outputs"),
            NumberOfSteps = reader.ReadInt32("the number of steps", tokens.Length, int.MaxValue),
            Bands = reader.ReadArray("frames", sizeof(int), row => row.ReadFiniteArray("steps", "a number")),
            Probabilities = reader.ReadArray("outputs", sizeof(int), row => row.ReadFiniteArray("steps", "a probability")),
        };
        return tokens.Length > 0 && heard.Outputs.Length > 0 && heard.Probabilities.Length == heard.Outputs.Length &&
            heard.Bands.Concat(heard.Probabilities).All(row => row.Length == tokens.Length)
            ? heard : throw reader.Invalid("what is heard in the example does not fit its steps");
    }

    private static GateTrace ReadTrace(PayloadReader reader)
    {
        string[] steps = reader.ReadStringArray("steps");
        LayerTrace[] layers = reader.ReadArray("layers", LeastBytesOfLayer, from => new LayerTrace(
            from.ReadInt32("the number of a layer", 1, int.MaxValue), from.ReadBoolean(), from.ReadStringArray("gates"),
            from.ReadArray("gates", sizeof(int), row => row.ReadFiniteArray("steps", "a gate"))));
        if (layers.Any(layer => layer.Means.Length != layer.Names.Length ||
            layer.Means.Any(means => means.Length != steps.Length)))
            throw reader.Invalid("the gates of the example do not fit its steps");
        return new GateTrace { Steps = steps, Layers = layers };
    }
}
