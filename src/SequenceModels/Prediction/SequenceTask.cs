using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Files;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Onnx;
using SequenceModels.Scoring;

namespace SequenceModels.Prediction;

/// <summary>
/// All that sets binary classification, multiclass classification and regression apart: which label is read, and which columns
/// come out. A new task is a new class here and a line in <see cref="All"/>.
/// </summary>
internal abstract class SequenceTask
{
    public static readonly SequenceTask Binary = new BinaryTask();
    public static readonly SequenceTask Multiclass = new MulticlassTask();
    public static readonly SequenceTask Regression = new RegressionTask();

    public static IReadOnlyList<SequenceTask> All { get; } = [Binary, Multiclass, Regression];

    /// <summary>The task that a label column is of.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing, or no label.</exception>
    public static SequenceTask For(DataViewSchema schema, string name)
    {
        DataViewSchema.Column label = schema.GetColumnOrNull(name) ??
            throw new ArgumentOutOfRangeException(nameof(schema),
                $"{MissingColumn.Describe(name, schema.Select(column => column.Name), "label column")} " +
                "Give labelColumnName the name of one.");
        return label.Type switch
        {
            BooleanDataViewType => Binary,
            KeyDataViewType => Multiclass,
            NumberDataViewType number when number == NumberDataViewType.Single => Regression,
            _ => throw new ArgumentOutOfRangeException(nameof(schema), $"Column '{name}' is {label.Type}, where a label is " +
                "Boolean, a key or Single. ConvertType or MapValueToKey make one."),
        };
    }

    /// <summary>ML.NET's word for the kind of scores; also the task's name in a model file, so it never changes.</summary>
    public abstract string ScoreKind { get; }

    public abstract HeadKind Head { get; }

    /// <summary>Which columns can be the label.</summary>
    public abstract ColumnRule Label { get; }

    /// <summary>Whether fewer than two distinct labels make training pointless.</summary>
    public abstract bool NeedsTwoClasses { get; }

    /// <summary>Stands for the names of the classes while only the label's shape is known.</summary>
    public virtual ClassNames? NamesLike(SchemaShape.Column label) => null;

    /// <summary>What the class with an index from 0 is called on a page.</summary>
    public virtual Func<int, string> NameClasses(ClassNames? names) =>
        names is null ? index => Invariant($"class {index + 1}") : names.TextOf;

    /// <summary>Reads the label as the network's target. NaN: it is missing.</summary>
    public abstract ValueGetter<float> GetTarget(DataViewRow row, DataViewSchema.Column label);

    /// <summary>The columns that scoring adds, in the order in which ML.NET's own trainers add them.</summary>
    /// <param name="outputs">K.</param>
    /// <param name="names">Of the classes, where they have names.</param>
    /// <param name="setId">The identifier that the columns share.</param>
    public abstract IEnumerable<DataViewSchema.DetachedColumn> OutputColumns(int outputs, ClassNames? names, uint setId);

    /// <summary>What the scores of a row come down to.</summary>
    /// <param name="scores">[K].</param>
    /// <param name="names">Of the classes, where they have names.</param>
    /// <param name="threshold">Scores above it are positive (binary only).</param>
    public abstract Predicted Decide(ReadOnlySpan<float> scores, ClassNames? names, float threshold);

    /// <summary>The getters of those columns, in the same order.</summary>
    /// <param name="scores">Of the row that the getters are asked about.</param>
    /// <param name="threshold">Scores above it are positive (binary only).</param>
    public abstract Delegate[] MakeGetters(IRowScores scores, float threshold);

    /// <summary>The values of those columns in a graph, in the same order: [B, 1], or [B, K] of a vector.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="answers">What the network gives.</param>
    /// <param name="threshold">Scores above it are positive (binary only).</param>
    public abstract string[] WriteOnnx(OnnxGraph graph, OnnxAnswers answers, float threshold);

    public static SequenceTask Read(PayloadReader reader)
    {
        string name = reader.ReadString();
        return All.FirstOrDefault(task => task.ScoreKind == name) ?? throw reader.Invalid($"it is for an unknown task '{name}'");
    }

    private protected static bool IsScalar(SchemaShape.Column column, DataViewType type, bool isKey = false) =>
        column.Kind == SchemaShape.Column.VectorKind.Scalar && column.IsKey == isKey && column.ItemType == type;

    private protected static ValueGetter<float> First(IRowScores scores) => (ref float value) => value = scores.Scores[0];
}
