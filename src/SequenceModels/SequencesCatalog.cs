using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Trainers;
using SequenceModels.Transforms;

namespace SequenceModels;

/// <summary>What ML.NET has no catalog for; had from <c>mlContext.Sequences()</c>.</summary>
public sealed class SequencesCatalog
{
    internal SequencesCatalog(IHostEnvironment environment)
    {
        LanguageModeling = new LanguageModelingCatalog(environment);
        Tagging = new TaggingCatalog(environment);
    }

    /// <summary>A class for each token of a sequence.</summary>
    public TaggingCatalog Tagging { get; }

    /// <summary>Language models: what comes next in a text or a piece of music.</summary>
    public LanguageModelingCatalog LanguageModeling { get; }

    /// <summary>
    /// Feeds a trained network one step at a time: the score after each step is the one that the whole sequence so far would have, to the
    /// bit.
    /// </summary>
    /// <param name="model">
    /// A fitted transformer of this library's trainers, or a chain with one. The steps are what its feature column holds: keys or frames.
    /// </param>
    /// <returns>
    /// A stepper that threads may share. Its scores are those of the column Score: probabilities of the classes, the logit, or the value; of
    /// a language model the V + 1 probabilities of the next token, the unknown one's first, or those of the next frame's numbers.
    /// </returns>
    /// <exception cref="ArgumentException">There is no trained network in the model.</exception>
    /// <exception cref="NotSupportedException">The network is bidirectional.</exception>
#pragma warning disable CA1822 // A method of a catalog, as ML.NET has them.
    public SequenceStepper CreateStepper(ITransformer model) =>
        ModelChain.FindLast<ISingleFeaturePredictionTransformer<SequenceModelParameters>>(model, "trained network").Found.Model.Network.CreateStepper();
#pragma warning restore CA1822

    /// <summary>A table with one row a step becomes a table with one row a sequence. Reads the data once, into memory.</summary>
    /// <param name="data">One row a step.</param>
    /// <param name="groupColumnName">Which sequence a step belongs to. Its steps need not stand together.</param>
    /// <param name="orderColumnName">The steps' order within a sequence, ascending; null: the order of the rows.</param>
    /// <param name="constantColumnNames">
    /// The columns of which a sequence has one value, such as its label; an error if one changes within a sequence. Null: all scalar
    /// columns that never change within any sequence, but for those of Single and Double, which count as measurements unless they
    /// are called Label or Weight.
    /// </param>
    /// <returns>
    /// A row for each sequence, in the order of first appearance. A scalar column becomes a vector [*], a vector column of size F becomes
    /// one of dimensions [*, F]; keys keep their values. The group column and the constant columns keep their type.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or holds vectors of different lengths.</exception>
    /// <exception cref="InvalidOperationException">A column of <paramref name="constantColumnNames"/> changes within a sequence.</exception>
#pragma warning disable CA1822 // A method of a catalog, as ML.NET has them.
    public IDataView Group(IDataView data, string groupColumnName, string? orderColumnName = null, string[]? constantColumnNames = null)
#pragma warning restore CA1822
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(groupColumnName);
        return new GroupedDataView(data, groupColumnName, orderColumnName, constantColumnNames);
    }
}
