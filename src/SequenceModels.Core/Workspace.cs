namespace SequenceModels;

/// <summary>The scratch memory of one pass through a network. One per thread or cursor; grows to the longest sequence seen.</summary>
internal sealed class Workspace
{
}
