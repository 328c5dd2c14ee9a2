using System.Text.Json.Serialization;

namespace SequenceModels.Benchmarks.FirstTry;

/// <summary>What a model gave on a set.</summary>
/// <param name="Set">The set's name.</param>
/// <param name="Kind">Texts or frames.</param>
/// <param name="About">What the set is.</param>
/// <param name="Classes">How many classes it has.</param>
/// <param name="TrainRows">Training rows, in the first fold.</param>
/// <param name="TestRows">Test rows, over all folds.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Processor">What it was measured on.</param>
/// <param name="Seeds">The figures of seeds 1, 2 and so on.</param>
internal sealed record Result(string Set, RowKind Kind, string About, int Classes, int TrainRows, int TestRows, string Model,
    string Processor, IReadOnlyList<Figures> Seeds)
{
    [JsonIgnore]
    public Figures Mean => Figures.Mean(Seeds);
}
