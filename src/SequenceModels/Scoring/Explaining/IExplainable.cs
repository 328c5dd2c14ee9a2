using Microsoft.ML;

namespace SequenceModels.Scoring;

/// <summary>A transformer that can say what each step of a row adds to what it predicts.</summary>
internal interface IExplainable
{
    /// <summary>What explains rows of a schema, which the transformer could score.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or of another kind than in training.</exception>
    IRowExplainer BindExplainer(DataViewSchema inputSchema);
}

/// <summary>Explains the rows of one schema.</summary>
internal interface IRowExplainer
{
    /// <summary>What it reads.</summary>
    IEnumerable<DataViewSchema.Column> Columns { get; }

    /// <summary>Explains the row that a cursor stands on whenever it is called.</summary>
    /// <param name="row">Has the columns.</param>
    Func<RowExplanation> CreateGetter(DataViewRow row);
}
