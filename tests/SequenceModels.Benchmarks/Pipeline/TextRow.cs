namespace SequenceModels.Benchmarks.Pipeline;

/// <summary>A text with a yes or no, as a pipeline reads it.</summary>
internal sealed record TextRow(bool Label, string Text);

/// <summary>What a prediction engine gives for a text.</summary>
internal sealed class TextScore
{
    public float Score { get; set; }
}
