using Microsoft.ML;

namespace SequenceModels.Columns;

/// <summary>A transformer that scores with a network of this library.</summary>
internal interface INetworkTransformer
{
    /// <summary>The same with 8-bit weights.</summary>
    ITransformer WithEightBitWeights();
}
