namespace SequenceModels.Benchmarks;

/// <summary>One thing that this program does.</summary>
/// <param name="Name">The first word on the command line.</param>
/// <param name="Options">The words that may follow.</param>
/// <param name="Does">What it does, in a line; null for what only this program itself starts.</param>
/// <param name="Run">Does it; gives the exit code.</param>
internal sealed record Command(string Name, string Options, string? Does, Func<Arguments, int> Run);
