using SequenceModels.Training;

namespace SequenceModels;

/// <summary>
/// What every training has that learns labels of sequences, or of their steps, from one or several features at each step.
/// </summary>
public abstract record LabeledSequenceOptions : SequenceInputOptions
{
    private protected LabeledSequenceOptions() { }

    /// <summary>
    /// Whether each layer also reads the sequence from its end, its states beside the forward ones. Default no.
    /// </summary>
    public bool Bidirectional { get; init; }

    /// <summary>What each class counts in the training loss. Of classification only. Default null: all alike.</summary>
    public ClassWeights? ClassWeights { get; init; }

    /// <summary>
    /// Units in each direction of the LSTM that reads the characters of each token, 0 to 65,536. Only where a column of text is
    /// among the features. 0: none. Default 25.
    /// </summary>
    /// <remarks>Lample et al., "Neural Architectures for Named Entity Recognition", NAACL 2016, section 4.1.</remarks>
    public int CharacterHiddenSize { get; init; } = 25;

    /// <summary>
    /// Length of the learned vector of each character, 1 to 65,536. Only where a column of text is among the features. Default
    /// 25.
    /// </summary>
    public int CharacterEmbeddingSize { get; init; } = 25;

    /// <summary>
    /// Length of the learned vector of each subword, 0 to 65,536. Only where a column of text is among the features: a word's
    /// vector is the mean of the vectors of its subwords, which are the word itself and its runs of 3 to 6 characters, its two
    /// ends included. It stands beside what <see cref="CharacterHiddenSize"/> makes of the word's characters; where both are 0, a
    /// column of text is refused. Default 0: no subwords.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Words that share their stem or their ending share vectors, and a word that training never saw has those of its parts that
    /// training saw. Subwords learn faster than the characters' LSTM and know whole words too; the LSTM needs fewer weights. An
    /// update moves the vectors of the subwords that its batch has, and leaves all others, with the optimizer's sums and AdamW's
    /// decay, as they are. Vectors of subwords that no training row has are zero.
    /// </para>
    /// <para>Bojanowski et al., "Enriching Word Vectors with Subword Information", TACL 5, 2017.</para>
    /// </remarks>
    public int SubwordEmbeddingSize { get; init; }

    /// <summary>
    /// Number of vectors that all subwords share, 1 to 16,777,216: each picks one by a hash of its characters. A model's file has
    /// them all, and training holds a few copies of them in memory; the time of an update does not depend on it. No effect where
    /// <see cref="SubwordEmbeddingSize"/> is 0. Default 131,072.
    /// </summary>
    public int NumberOfSubwordBuckets { get; init; } = 1 << 17;

    internal override TaskOptions TaskOptions => base.TaskOptions with { ClassWeights = ClassWeights };

    internal override void Validate()
    {
        base.Validate();
        Require(CharacterHiddenSize is >= 0 and <= 65_536, nameof(CharacterHiddenSize), CharacterHiddenSize,
            "between 0 and 65536 (0 = no characters)");
        Require(CharacterEmbeddingSize is >= 1 and <= 65_536, nameof(CharacterEmbeddingSize), CharacterEmbeddingSize,
            "between 1 and 65536");
        Require(SubwordEmbeddingSize is >= 0 and <= 65_536, nameof(SubwordEmbeddingSize), SubwordEmbeddingSize,
            "between 0 and 65536 (0 = no subwords)");
        Require(NumberOfSubwordBuckets is >= 1 and <= 1 << 24, nameof(NumberOfSubwordBuckets), NumberOfSubwordBuckets,
            "between 1 and 16777216");
    }
}
