namespace SequenceModels;

/// <summary>How the tags of a sequence are decided upon, and so what training teaches.</summary>
public enum TagDecoding
{
    /// <summary>Each step by itself: the likeliest class of a softmax over the network's outputs of that step.</summary>
    Softmax,

    /// <summary>
    /// All steps together: the likeliest sequence of tags, by the network's outputs and learned scores for each tag after each
    /// other one.
    /// </summary>
    /// <remarks>
    /// A conditional random field: Lafferty et al., ICML 2001; on top of a network: Lample et al., "Neural Architectures for
    /// Named Entity Recognition", NAACL 2016.
    /// </remarks>
    Crf,
}
