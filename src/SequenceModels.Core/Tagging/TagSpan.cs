namespace SequenceModels.Tagging;

/// <summary>Neighbouring tokens that belong together.</summary>
/// <param name="Type">Its number among <see cref="TagScheme.Types"/>.</param>
/// <param name="First">The first token, from 0.</param>
/// <param name="Count">Tokens.</param>
internal readonly record struct TagSpan(int Type, int First, int Count);
