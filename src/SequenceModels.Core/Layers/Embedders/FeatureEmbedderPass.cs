namespace SequenceModels.Layers;

/// <summary>What a <see cref="FeatureEmbedder"/> remembers between forward and backward.</summary>
internal abstract class FeatureEmbedderPass;
