using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>
/// Rows of tables that no training row reaches: those of tokens, characters and subwords that occur in none, and often the
/// unknown token's. Training would leave them where chance put them, and a text of such tokens would be judged by chance; they
/// start at zero, so that they count nothing.
/// </summary>
/// <remarks>
/// Where the embedding is the output layer's too, such a row is learned as an output from its first update on, as all rows are.
/// </remarks>
internal static class UnreachedRows
{
    /// <summary>Sets them to zero.</summary>
    /// <param name="network">With its first weights.</param>
    /// <param name="rows">What it will learn from.</param>
    /// <param name="dropsWords">Whether tokens are made unknown in training.</param>
    public static void Clear(Network network, RowSelection rows, bool dropsWords)
    {
        // Features without keys have neither tables nor marks.
        foreach ((EmbeddingGradients tables, bool[] reached) in network.CreateEmbeddingGradients()
            .Zip(Find(network.Spec, rows, dropsWords).Where(marks => marks.Length > 0)))
            foreach (Parameter table in tables.Tables)
                Clear(network, table, reached.AsSpan(tables.FirstKey));
    }

    /// <param name="network">Has the table.</param>
    /// <param name="table">An embedding, or W of one-hot tokens.</param>
    /// <param name="reached">For each row.</param>
    private static void Clear(Network network, Parameter table, ReadOnlySpan<bool> reached)
    {
        float[] zeros = new float[table.Units];
        for (int row = 0; row < reached.Length; row++)
            for (int gate = 0; !reached[row] && gate < table.Gates; gate++)
                table.Write(network.Parameters.Values, row, gate, zeros);
    }

    /// <summary>[features][V + 1] whether a gradient can come to the row of a key; empty of frames.</summary>
    private static bool[][] Find(NetworkSpec spec, RowSelection rows, bool dropsWords)
    {
        SequenceDataset data = rows.Data;
        bool[][] keys =
            [.. spec.Inputs.Select(feature => new bool[feature.Kind == StepFeatureKind.Frames ? 0 : feature.Size + 1])];
        bool[][] words = [.. data.Channels.Select(channel => new bool[channel.Words?.Count ?? 0])];
        foreach (int row in rows)
        {
            int steps = LearnedSteps(spec, data, row);
            for (int i = 0; i < keys.Length; i++)
                if (keys[i].Length > 0)
                    Mark(data.Channels[i].Keys(data.Start(row), steps), words[i].Length > 0 ? words[i] : keys[i]);
        }
        for (int i = 0; i < keys.Length; i++)
            for (uint word = 0; word < words[i].Length; word++)
                if (words[i][word])
                    Mark(data.Channels[i].Words!.Parts(word), keys[i]);
        if (dropsWords && spec.Inputs.FirstTokens is >= 0 and int masked)
            keys[masked][0] = true;
        return keys;
    }

    /// <summary>How many of a row's steps, from the first on, have a part in its loss.</summary>
    private static int LearnedSteps(NetworkSpec spec, SequenceDataset data, int row)
    {
        if (data.Weight(row) == 0)
            return 0;
        int steps = data.Targets.LearnedSteps(row);
        return steps > 0 && spec.SeesLaterSteps ? data.Length(row) : steps;
    }

    /// <summary>A key above the largest is unknown.</summary>
    private static void Mark(ReadOnlySpan<uint> keys, bool[] marks)
    {
        foreach (uint key in keys)
            marks[key < (uint)marks.Length ? key : 0] = true;
    }
}
