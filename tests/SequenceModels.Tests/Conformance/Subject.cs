using Microsoft.ML;

namespace SequenceModels.Tests.Conformance;

/// <summary>An estimator under test, with what it is fed.</summary>
/// <param name="Name">What it is, in words.</param>
/// <param name="Create">Makes it; the function gives a column's name from the part that it plays.</param>
/// <param name="Inputs">The columns it reads, named by their parts.</param>
/// <param name="Outputs">The parts of the columns it adds, or their names where these are fixed.</param>
internal sealed record Subject(string Name, Func<MLContext, Func<string, string>, IEstimator<ITransformer>> Create,
    TestColumn[] Inputs, string[] Outputs)
{
    /// <summary>The inputs that <c>Fit</c> alone reads, such as the label.</summary>
    public string[] OnlyForFit { get; init; } = [];

    /// <summary>Options out of their range, each with the name that the error must tell.</summary>
    public (string Option, Func<MLContext, IEstimator<ITransformer>> Create)[] Refused { get; init; } = [];

    /// <summary>Whether outputs are named by the user, by the parts in <see cref="Outputs"/>.</summary>
    public bool NamesItsOutputs { get; init; } = true;

    /// <summary>The inputs whose values may be of any type, such as times.</summary>
    public string[] OfAnyType { get; init; } = [];

    /// <summary>Whether a row is computed from that row alone.</summary>
    public bool IsRowToRow { get; init; } = true;

    /// <summary>The estimator, its columns named by their parts.</summary>
    public IEstimator<ITransformer> Make() => Create(new MLContext(1), part => part);

    /// <summary>A view of its inputs.</summary>
    public TestView View() => new(Inputs);

    /// <summary>The inputs that the fitted transformer reads.</summary>
    public IEnumerable<TestColumn> Scored => Inputs.Where(column => !OnlyForFit.Contains(column.Name));

    public override string ToString() => Name;
}
