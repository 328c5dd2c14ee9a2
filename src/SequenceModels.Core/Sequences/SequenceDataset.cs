using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using SequenceModels.Files;

namespace SequenceModels.Sequences;

/// <summary>
/// Training rows, read once: all steps of all sequences one after the other, with offsets, labels and weights;
/// in memory as far as the budget goes, then in temporary files that go with this object. Any number of threads may read at once.
/// Spans are good until the next row is added, and while this object is held.
/// </summary>
internal sealed partial class SequenceDataset : IDisposable
{
    private readonly MemoryBudget _budget;
    private readonly IBlockGroup? _group;
    private readonly SpillList<float> _weights;
    private readonly SpillList<long> _ends, _starts;
    private readonly FeatureChannel[] _channels;
    private long _held;

    /// <param name="inputs">What a step is.</param>
    /// <param name="maximumMemoryBytes">What may be held in memory, the lists of <see cref="NewList"/> included.</param>
    /// <param name="temporaryFolder">Where the files are; null: the folder that the system names.</param>
    /// <param name="targets">What the rows have for labels; null: one for each row.</param>
    /// <param name="rowFeatureSize">Numbers that each row has as a whole, beside its steps; 0: none.</param>
    /// <param name="group">Processes of the same rows, which may hold the values of their steps together; null: none.</param>
    public SequenceDataset(StepFeatures inputs, long maximumMemoryBytes = long.MaxValue, string? temporaryFolder = null,
        Func<SequenceDataset, Targets>? targets = null, int rowFeatureSize = 0, IBlockGroup? group = null)
    {
        (Inputs, _group) = (inputs, group);
        _budget = new MemoryBudget(maximumMemoryBytes, temporaryFolder);
        (_ends, _starts, _weights) = (new(_budget), new(_budget), new(_budget));
        _channels = [.. inputs.Select(feature => new FeatureChannel(feature, _budget, group))];
        RowFeatures = new RowFeatures(rowFeatureSize, _budget);
        Targets = targets?.Invoke(this) ?? new RowTargets(this);
        if (PredictsNext && inputs.Count > 1)
            throw new ArgumentException("Where the next step is the label, a step has one feature.", nameof(inputs));
    }

    /// <summary>What a step is.</summary>
    public StepFeatures Inputs { get; private set; }

    /// <summary>The rows' labels.</summary>
    public Targets Targets { get; }

    /// <summary>The values of <see cref="Inputs"/>, in their order.</summary>
    public IReadOnlyList<FeatureChannel> Channels => _channels;

    /// <summary>What each row has as a whole, beside its steps; set before the row is closed.</summary>
    public RowFeatures RowFeatures { get; }

    /// <summary>Whether more steps are held than the rows have: the label of each step is the step that comes next.</summary>
    private bool PredictsNext => Targets is NextStepTargets;

    public int Count { get; private set; }

    public long NumberOfSteps { get; private set; }

    /// <summary>Whether the steps, or what rows have beside them, are in a file.</summary>
    public bool IsMapped => RowFeatures.IsMapped || _channels.Any(channel => channel.IsMapped);

    /// <summary>Gives the row that is closed next its values of a feature.</summary>
    /// <param name="feature">Its place in <see cref="Inputs"/>.</param>
    /// <param name="keys">[T] tokens, those above V being unknown (0); of words, numbers from <see cref="WordOf"/>.</param>
    public void Set(int feature, ReadOnlySpan<uint> keys) => _channels[feature].Write(_held, keys);

    /// <summary>Gives the row that is closed next its values of a feature.</summary>
    /// <param name="feature">Its place in <see cref="Inputs"/>.</param>
    /// <param name="frames">[T, F] numbers, step after step; finite.</param>
    public void Set(int feature, ReadOnlySpan<float> frames) => _channels[feature].Write(_held, frames);

    /// <summary>The number by which steps name a word; equal words have one.</summary>
    /// <param name="feature">The place in <see cref="Inputs"/> of a feature that is words.</param>
    /// <param name="parts">Keys of the word's characters or subwords, those above V being unknown (0). May be empty.</param>
    public uint WordOf(int feature, ReadOnlySpan<uint> parts) => (_channels[feature].Words ??
        throw new InvalidOperationException($"The feature is {Inputs[feature]}: it has no words.")).FindOrAdd(parts);

    /// <summary>Ends a row, whose values of each feature were set.</summary>
    /// <param name="labels">As many as <see cref="Targets"/> wants; NaN where one is not known.</param>
    /// <param name="weight">Of each label; finite and not negative.</param>
    /// <exception cref="ArgumentException">
    /// The features have different numbers of steps, or there are more or fewer labels.
    /// </exception>
    public void CloseRow(ReadOnlySpan<float> labels, float weight = 1)
    {
        long end = _channels[0].Steps;
        foreach (FeatureChannel channel in _channels)
            if (channel.Steps < _held || channel.Steps != end)
                throw new ArgumentException(
                    $"A row has no, or not as many, values of the feature '{channel.Feature}' as of '{_channels[0].Feature}': " +
                    "each feature must have one for every step.");
        int steps = checked((int)(end - _held)), counted = Targets.StepsOf(steps);
        Targets.Add(labels, steps);
        RowFeatures.CloseRow();
        if (PredictsNext)
            _starts.Add(_held);
        _ends.Add(_held + counted);
        _weights.Add(weight);
        NumberOfSteps += counted;
        _held = end;
        foreach (FeatureChannel channel in _channels)
            channel.Deal(end);
        Count = checked(Count + 1);
    }

    /// <summary>Adds a row without steps, in place of one that could not be read.</summary>
    /// <param name="labels">As many as <see cref="Targets"/> wants of it.</param>
    public void AddEmpty(ReadOnlySpan<float> labels)
    {
        foreach (FeatureChannel channel in _channels)
            channel.Cut(_held);
        RowFeatures.Cut();
        CloseRow(labels);
    }

    /// <summary>Adds a row whose steps are tokens and nothing else.</summary>
    /// <param name="tokens">Keys; those above V are taken as unknown (0).</param>
    /// <param name="label">Class index from 0, 0 or 1, or the number to predict.</param>
    /// <param name="weight">Finite and not negative.</param>
    public void Add(ReadOnlySpan<uint> tokens, float label, float weight = 1) => Add(tokens, [label], weight);

    /// <param name="tokens">Keys; those above V are taken as unknown (0).</param>
    /// <param name="labels">As many as <see cref="Targets"/> wants; NaN where one is not known.</param>
    /// <param name="weight">Of each label; finite and not negative.</param>
    /// <inheritdoc cref="Add(ReadOnlySpan{uint}, float, float)" path="/summary"/>
    public void Add(ReadOnlySpan<uint> tokens, ReadOnlySpan<float> labels, float weight = 1)
    {
        Set(0, tokens);
        CloseRow(labels, weight);
    }

    /// <summary>Adds a row whose steps are frames and nothing else.</summary>
    /// <param name="frames">[T, F] numbers, step after step; finite.</param>
    /// <param name="label">Class index from 0, 0 or 1, or the number to predict.</param>
    /// <param name="weight">Finite and not negative.</param>
    public void Add(ReadOnlySpan<float> frames, float label, float weight = 1) => Add(frames, [label], weight);

    /// <param name="frames">[T, F] numbers, step after step; finite.</param>
    /// <param name="labels">As many as <see cref="Targets"/> wants; NaN where one is not known.</param>
    /// <param name="weight">Of each label; finite and not negative.</param>
    /// <inheritdoc cref="Add(ReadOnlySpan{float}, float, float)" path="/summary"/>
    public void Add(ReadOnlySpan<float> frames, ReadOnlySpan<float> labels, float weight = 1)
    {
        Set(0, frames);
        CloseRow(labels, weight);
    }

    /// <summary>
    /// Adds a row of other data of the same kind, with all that belongs to it. Not where the next step is predicted.
    /// </summary>
    /// <param name="data">Where the row is.</param>
    /// <param name="row">Its number there.</param>
    public void Add(SequenceDataset data, int row)
    {
        for (int feature = 0; feature < _channels.Length; feature++)
            _channels[feature].Write(_held, data._channels[feature], data.Start(row), data.Length(row));
        if (RowFeatures.Size > 0)
            RowFeatures.Set(data.RowFeatures.Slots(row), data.RowFeatures.Values(row));
        CloseRow(data.Labels(row), data.Weight(row));
    }

    /// <summary>Forgets all rows and keeps the memory for others.</summary>
    public void Clear()
    {
        (Count, NumberOfSteps, _held) = (0, 0, 0);
        Targets.Clear();
        RowFeatures.Clear();
        foreach (FeatureChannel channel in _channels)
            channel.Clear();
        _ends.Clear();
        _starts.Clear();
        _weights.Clear();
    }

    /// <summary>A list of row numbers or the like, within the budget of this data; its maker disposes of it.</summary>
    public SpillList<T> NewList<T>() where T : unmanaged => new(_budget);

    /// <summary>SHA-256 of all that is in the rows, and their order: the same wherever they are held.</summary>
    public byte[] Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Inputs.ToString()));
        hash.AppendData(MemoryMarshal.AsBytes<long>([Count, NumberOfSteps]));
        _ends.AppendTo(hash);
        _starts.AppendTo(hash);
        Targets.AppendTo(hash);
        _weights.AppendTo(hash);
        foreach (FeatureChannel channel in _channels)
            channel.AppendTo(hash);
        RowFeatures.AppendTo(hash);
        return hash.GetHashAndReset();
    }

    /// <summary>Gives memory and files back. There are no rows afterwards.</summary>
    public void Dispose()
    {
        (Count, NumberOfSteps, _held) = (0, 0, 0);
        Targets.Dispose();
        RowFeatures.Dispose();
        foreach (FeatureChannel channel in _channels)
            channel.Dispose();
        _ends.Dispose();
        _starts.Dispose();
        _weights.Dispose();
    }

    public int Length(int row) => (int)(_ends[row] - Start(row));

    /// <summary>[T] tokens of a row that has nothing else.</summary>
    public ReadOnlySpan<uint> Tokens(int row) => _channels[0].Keys(Start(row), Length(row));

    /// <summary>[T, F] numbers of a row that has nothing else.</summary>
    public ReadOnlySpan<float> Frames(int row) => _channels[0].Frames(Start(row), Length(row));

    /// <summary>The row's labels: one or L of them, or one for each step; NaN where one is not known.</summary>
    public ReadOnlySpan<float> Labels(int row) => Targets.Of(row);

    /// <summary>[T] the token after each of the row's.</summary>
    public ReadOnlySpan<uint> NextTokens(int row) => NextTokens(row, 0, Length(row));

    /// <summary>[n] the token after each of some of the row's.</summary>
    public ReadOnlySpan<uint> NextTokens(int row, int first, int count) =>
        count == 0 ? [] : _channels[0].Keys(Start(row) + first + 1, count);

    /// <summary>[T, F] the frame after each of the row's.</summary>
    public ReadOnlySpan<float> NextFrames(int row) => NextFrames(row, 0, Length(row));

    /// <summary>[n, F] the frame after each of some of the row's.</summary>
    public ReadOnlySpan<float> NextFrames(int row, int first, int count) =>
        count == 0 ? [] : _channels[0].Frames(Start(row) + first + 1, count);

    public float Weight(int row) => _weights[row];

    /// <summary>The place of a row's first step among the steps of all rows.</summary>
    public long Start(int row) => PredictsNext ? _starts[row] : row == 0 ? 0 : _ends[row - 1];
}
