using SequenceModels.Files;

namespace SequenceModels.Reports;

/// <summary>A <see cref="NetworkInsight"/> as part of a model file. Every count is checked against the bytes that are left.</summary>
internal static class InsightFile
{
    public static void Write(BinaryWriter writer, NetworkInsight insight)
    {
        writer.Write(insight.Rows);
        writer.Write(insight.NumberOfRows);
        writer.Write(insight.ChosenFrom);
        writer.Write(insight.Loss);
        Write(writer, insight.Predictions);
        WriteAll(writer, insight.Layers, Write);
        writer.Write(insight.Trace is not null);
        if (insight.Trace is not null)
            Write(writer, insight.Trace);
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
            Layers = ReadAll(reader, "layers", 10, ReadLayer),
            Trace = reader.ReadBoolean() ? ReadTrace(reader) : null,
        };
        return insight.Layers.Length > 0 ? insight : throw reader.Invalid("it has no layers");
    }

    private static void Write(BinaryWriter writer, Predictions predictions)
    {
        writer.Write(predictions.Classes);
        writer.Write(predictions.Count);
        writer.Write(predictions.RootMeanSquaredError);
        WriteAll(writer, predictions.ClassNames, (to, name) => to.Write(name));
        WriteAll(writer, predictions.Confusion, (to, pair) =>
        {
            to.Write(pair.Actual);
            to.Write(pair.Predicted);
            to.Write(pair.Count);
        });
        WriteAll(writer, predictions.Numbers, (to, pair) =>
        {
            to.Write(pair.Actual);
            to.Write(pair.Predicted);
        });
    }

    private static Predictions ReadPredictions(PayloadReader reader)
    {
        int classes = reader.ReadInt32("the number of classes", 0, int.MaxValue), count = reader.ReadInt32("the number of predictions", 0, int.MaxValue);
        double error = reader.ReadDouble();
        string[] names = ReadAll(reader, "class names", 1, from => from.ReadString());
        var predictions = new Predictions
        {
            Classes = classes,
            Count = count,
            RootMeanSquaredError = error,
            ClassNames = names,
            Confusion = ReadAll(reader, "pairs of classes", 3 * sizeof(int), from => new ConfusionCount(
                from.ReadInt32("a class", 0, names.Length - 1), from.ReadInt32("a class", 0, names.Length - 1),
                from.ReadInt32("a count", 1, int.MaxValue))),
            Numbers = ReadAll(reader, "predicted numbers", 2 * sizeof(float), from =>
                new PredictedNumber(from.ReadFinite("a predicted number"), from.ReadFinite("a predicted number"))),
        };
        if (classes > 0 ? predictions.Confusion.Sum(pair => (long)pair.Count) != count : predictions.Numbers.Length > count)
            throw reader.Invalid("the predictions do not add up");
        return predictions;
    }

    private static void Write(BinaryWriter writer, LayerInsight layer)
    {
        writer.Write(layer.Layer);
        writer.Write(layer.IsReverse);
        Write(writer, layer.GradientNorms);
        WriteAll(writer, layer.Sequences, (to, count) => to.Write(count));
        Write(writer, layer.HalfLives);
    }

    private static LayerInsight ReadLayer(PayloadReader reader)
    {
        var layer = new LayerInsight
        {
            Layer = reader.ReadInt32("the number of a layer", 1, int.MaxValue),
            IsReverse = reader.ReadBoolean(),
            GradientNorms = ReadDoubles(reader, "gradient norms"),
            Sequences = ReadAll(reader, "counts of sequences", sizeof(int), from => from.ReadInt32()),
            HalfLives = ReadDoubles(reader, "half-lives"),
        };
        if (layer.Sequences.Length != layer.GradientNorms.Length || layer.HalfLives.Length is not (0 or 101))
            throw reader.Invalid("the figures of a layer do not fit together");
        return layer;
    }

    private static void Write(BinaryWriter writer, GateTrace trace)
    {
        WriteAll(writer, trace.Steps, (to, step) => to.Write(step));
        WriteAll(writer, trace.Layers, (to, layer) =>
        {
            to.Write(layer.Layer);
            to.Write(layer.IsReverse);
            WriteAll(to, layer.Names, (line, name) => line.Write(name));
            WriteAll(to, layer.Means, (line, means) => WriteAll(line, means, (number, mean) => number.Write(mean)));
        });
    }

    private static GateTrace ReadTrace(PayloadReader reader)
    {
        string[] steps = ReadAll(reader, "steps", 1, from => from.ReadString());
        LayerTrace[] layers = ReadAll(reader, "layers", 10, from => new LayerTrace(
            from.ReadInt32("the number of a layer", 1, int.MaxValue), from.ReadBoolean(), ReadAll(from, "gates", 1, line => line.ReadString()),
            ReadAll(from, "gates", sizeof(int), line => ReadAll(line, "steps", sizeof(float), number => number.ReadFinite("a gate")))));
        if (layers.Any(layer => layer.Means.Length != layer.Names.Length || layer.Means.Any(means => means.Length != steps.Length)))
            throw reader.Invalid("the gates of the example do not fit its steps");
        return new GateTrace { Steps = steps, Layers = layers };
    }

    private static void Write(BinaryWriter writer, double[] values) => WriteAll(writer, values, (to, value) => to.Write(value));

    private static double[] ReadDoubles(PayloadReader reader, string name) => ReadAll(reader, name, sizeof(double), from => from.ReadDouble());

    private static void WriteAll<T>(BinaryWriter writer, T[] items, Action<BinaryWriter, T> write)
    {
        writer.Write(items.Length);
        foreach (T item in items)
            write(writer, item);
    }

    private static T[] ReadAll<T>(PayloadReader reader, string name, int leastBytes, Func<PayloadReader, T> read)
    {
        var items = new T[reader.ReadCount($"the number of {name}", leastBytes)];
        for (int i = 0; i < items.Length; i++)
            items[i] = read(reader);
        return items;
    }
}
