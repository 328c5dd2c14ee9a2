namespace SequenceModels.Benchmarks.Peers;

/// <summary>
/// One implementation of a workload, ready to do the same piece of work over and over: a training step or a scoring call.
/// </summary>
internal interface IPeer : IDisposable
{
    /// <summary>Library and form, as shown beside the figure.</summary>
    string Name { get; }

    /// <summary>
    /// Called before each stretch of runs that is timed; the place for settings that are global to the process.
    /// </summary>
    void Prepare();

    /// <summary>The piece of work.</summary>
    void Run();
}
