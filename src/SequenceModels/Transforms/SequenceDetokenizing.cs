using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels;
using SequenceModels.Columns;
using SequenceModels.Interop;
using SequenceModels.Text;

[assembly: LoadableClass(typeof(SequenceDetokenizingTransformer), typeof(SequenceDetokenizingTransformer), null,
    typeof(SignatureLoadModel), "", SequenceDetokenizingTransformer.LoaderSignature)]

namespace SequenceModels;

/// <summary>Turns sequences of keys back into texts. Learns from the column how its tokens are joined.</summary>
public sealed class SequenceDetokenizingEstimator : IEstimator<SequenceDetokenizingTransformer>
{
    private readonly IHost _host;
    private readonly string _outputColumnName, _inputColumnName;

    internal SequenceDetokenizingEstimator(IHostEnvironment environment, string outputColumnName, string? inputColumnName)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        _host = environment.Register(nameof(SequenceDetokenizingEstimator));
        _outputColumnName = outputColumnName;
        _inputColumnName = inputColumnName ?? outputColumnName;
    }

    /// <summary>Looks at the input column; reads no row.</summary>
    /// <param name="input">The data.</param>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or holds no keys that stand for texts.</exception>
    public SequenceDetokenizingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        DataViewSchema.Column column = input.Schema.Find(_inputColumnName, ColumnRule.NamedKeys);
        Detokenization rule = TokenNames.JoiningOf(column) ?? new Detokenization(DetokenizationKind.Words, 0);
        return new SequenceDetokenizingTransformer(_host, _outputColumnName, _inputColumnName, rule);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        inputSchema.Find(_inputColumnName, ColumnRule.NamedKeys);
        return inputSchema.With(SequenceDetokenizingTransformer.Column(_outputColumnName));
    }
}

/// <summary>A vector of keys becomes the text that their tokens join to.</summary>
public sealed class SequenceDetokenizingTransformer : RowTransformer
{
    internal const string LoaderSignature = "SequenceDetokenizing";
    private static readonly ModelFormat Format = new("SEQDETOK", 1, LoaderSignature);

    private readonly string _outputColumnName, _inputColumnName;
    private readonly Detokenization _rule;

    internal SequenceDetokenizingTransformer(IHostEnvironment environment, string outputColumnName, string inputColumnName, Detokenization rule)
        : base(environment, nameof(SequenceDetokenizingTransformer))
    {
        _outputColumnName = outputColumnName;
        _inputColumnName = inputColumnName;
        _rule = rule;
    }

    internal static DataViewSchema.DetachedColumn Column(string name) => new(name, TextDataViewType.Instance, null);

    private protected override RowMapper Bind(DataViewSchema inputSchema)
    {
        DataViewSchema.Column input = inputSchema.Find(_inputColumnName, ColumnRule.NamedKeys);
        string[] tokens = TokenNames.Texts(input);
        SequenceColumn keys = SequenceColumn.Bind(inputSchema, _inputColumnName);
        return new ColumnMapper(inputSchema, input, Column(_outputColumnName), row =>
        {
            SequenceReader reader = keys.CreateReader(row);
            var detokenizer = new Detokenizer(_rule, tokens);
            return (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) =>
            {
                reader.Read();
                value = detokenizer.TextOf(keys.IsPadded ? reader.Tokens.Trim(0u) : reader.Tokens).AsMemory();
            });
        });
    }

    private protected override void Save(ModelSaveContext context) => ModelStreams.Save(context, Format, writer =>
    {
        writer.Write(_outputColumnName);
        writer.Write(_inputColumnName);
        writer.Write(_rule.ToString());
    });

    // Found by its name and parameters when a model file is loaded.
    private static SequenceDetokenizingTransformer Create(IHostEnvironment environment, object context) => ModelStreams.Load(context, Format,
        reader => new SequenceDetokenizingTransformer(environment, reader.ReadString(), reader.ReadString(),
            reader.ReadString() is var rule && Detokenization.Parse(rule) is { } known ? known : throw reader.Invalid("it has no rule to join tokens by")));
}
