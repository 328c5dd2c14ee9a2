namespace SequenceModels.Benchmarks.Kernels;

/// <summary>A piece of arithmetic of the engine, with its operands.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Shape">Of its operands.</param>
/// <param name="Work">What one run does: floating-point operations of a product, or units of gates.</param>
/// <param name="Run">Does it, on one thread and at the vector width in use.</param>
/// <param name="Prepare">Null, or what must come before every run because a run spoils its own input. Not timed.</param>
internal sealed record Kernel(string Name, string Shape, double Work, Action Run, Action? Prepare = null);
