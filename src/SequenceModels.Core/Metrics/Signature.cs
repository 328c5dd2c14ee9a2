namespace SequenceModels.Metrics;

/// <summary>What sacreBLEU prints beside a figure, so that others can tell how it was computed.</summary>
internal sealed class Signature
{
    /// <summary>The version whose definitions are followed; they have been the same since 2.0.0.</summary>
    private const string Version = "2.6.0";

    private int _references = -1; // none seen
    private bool _varies;

    /// <summary>Sees a row with so many references.</summary>
    public void See(int references)
    {
        _varies |= _references >= 0 && _references != references;
        _references = references;
    }

    /// <param name="settings">What stands between the number of references and the version.</param>
    public string Text(string settings) =>
        $"nrefs:{(_varies ? "var" : InvariantText.Of(Math.Max(_references, 0)))}|{settings}|version:{Version}";
}
