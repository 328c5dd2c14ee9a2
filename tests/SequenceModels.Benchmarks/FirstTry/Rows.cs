namespace SequenceModels.Benchmarks.FirstTry;

/// <summary>A row of any set: its class.</summary>
internal abstract class ClassRow
{
    public required string Label { get; init; }

    /// <summary>Rows with the same key stay on one side of every split; null: it has no equals.</summary>
    public virtual string? Key => null;
}

/// <summary>A text and its class.</summary>
internal sealed class TextRow : ClassRow
{
    public required string Text { get; init; }

    public override string Key => Text;
}

/// <summary>Frames and their class.</summary>
internal sealed class FramesRow : ClassRow
{
    /// <summary>All numbers, step by step. [T, F]</summary>
    public required float[] Frames { get; init; }

    /// <summary>The same with zeros behind them, as long for every row of a set. What is too long is cut.</summary>
    public float[] Padded { get; init; } = [];
}

/// <summary>What a prediction engine gives for a row.</summary>
internal sealed class RowScore
{
    public float[] Score { get; set; } = [];
}
