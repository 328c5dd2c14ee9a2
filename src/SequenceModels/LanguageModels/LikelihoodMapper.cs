using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Networks;
using SequenceModels.Scoring;
using SequenceModels.Sequences;

namespace SequenceModels.LanguageModels;

/// <summary>A language model bound to one schema: how likely it finds each row.</summary>
/// <param name="inputSchema">The schema.</param>
/// <param name="column">The column of sequences in it.</param>
/// <param name="network">Predicts the next step.</param>
internal sealed class LikelihoodMapper(DataViewSchema inputSchema, SequenceColumn column, SequenceNetwork network)
    : RowMapper(inputSchema, OutputColumns)
{
    public const string Perplexity = "Perplexity", LogProbabilities = "LogProbabilities";

    public static DataViewSchema.DetachedColumn[] OutputColumns { get; } =
    [
        new(Perplexity, NumberDataViewType.Single),
        new(LogProbabilities, new VectorDataViewType(NumberDataViewType.Single)),
    ];

    protected override IEnumerable<int> Inputs(bool[] active) => [column.Column.Index];

    protected override Delegate?[] MakeGetters(DataViewRow input, bool[] active)
    {
        var row = new Lazy<RowLikelihood>(() => new RowLikelihood(input, column, network));
        return
        [
            active[0] ? (ValueGetter<float>)((ref float value) => value = row.Value.Perplexity()) : null,
            active[1] ? (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => row.Value.LogProbabilities(ref value)) : null,
        ];
    }

    /// <summary>Of the row that an input stands on, worked out once for both columns.</summary>
    private sealed class RowLikelihood(DataViewRow input, SequenceColumn column, SequenceNetwork network)
    {
        private readonly SequenceReader _reader = column.CreateReader(input);
        private readonly SequenceLikelihood _likelihood = new(network.Layers);
        private double[] _losses = [];
        private int _length, _count;
        private long? _position;

        public float Perplexity()
        {
            Measure();
            double sum = 0;
            for (int t = 0; t < _count; t++)
                sum += _losses[t];
            return _count == 0 ? float.NaN : (float)Math.Exp(sum / _count);
        }

        public void LogProbabilities(ref VBuffer<float> value)
        {
            Measure();
            VBufferEditor<float> editor = VBufferEditor.Create(ref value, _length);
            for (int t = 0; t < _length; t++)
                editor.Values[t] = t == 0 ? float.NaN : (float)-_losses[t - 1];
            value = editor.Commit();
        }

        private void Measure()
        {
            if (input.Position == _position)
                return;
            _position = null; // should the row be unreadable, no getter may take what is left of the row before
            _reader.Read();
            _length = _reader.Length;
            if (column.Input == StepFeatureKind.Frames)
                LanguageModelRows.RequireZeroOrOne(_reader.Frames, column, input.Position);
            ReadOnlySpan<double> losses = Losses();
            if (_losses.Length < losses.Length)
                _losses = new double[losses.Length];
            losses.CopyTo(_losses);
            _count = losses.Length;
            _position = input.Position;
        }

        private ReadOnlySpan<double> Losses()
        {
            try
            {
                return column.Input == StepFeatureKind.Tokens ? _likelihood.Losses(_reader.Tokens) : _likelihood.Losses(_reader.Frames);
            }
            catch (Exception e) when (RowError.IsOfTheRow(e))
            {
                throw RowError.Of([column.Column.Name], input.Position, e);
            }
        }
    }
}
