namespace SequenceModels;

/// <summary>Tables whose rows are picked by the same tokens.</summary>
/// <param name="Feature">Whose tokens: 0: the first feature's; i: those of the i-th further one, or its characters.</param>
/// <param name="First">Place of the first of them among the network's tables.</param>
/// <param name="Count">How many.</param>
/// <param name="VocabularySize">V.</param>
internal readonly record struct TokenTables(int Feature, int First, int Count, int VocabularySize);
