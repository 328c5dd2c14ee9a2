namespace SequenceModels.Cells;

/// <summary>A vector of H numbers that belongs to a cell and not to its layer.</summary>
/// <param name="Name">What it is called, for readers of a model.</param>
/// <param name="InitialValue">What each of its numbers is before training.</param>
internal sealed record CellParameter(string Name, float InitialValue = 0);
