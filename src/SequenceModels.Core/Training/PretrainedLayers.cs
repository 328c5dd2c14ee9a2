using SequenceModels.Networks;
using SequenceModels.Parameters;

namespace SequenceModels.Training;

/// <summary>
/// Language models whose embedding and recurrent layers a new network begins with. Its output layer is drawn as ever.
/// </summary>
/// <param name="Forward">Of the direction that reads from a sequence's first step; also gives the embedding.</param>
/// <param name="Backward">
/// Of the direction that reads from its last step, of a network of one bidirectional layer; null where there is none.
/// </param>
/// <remarks>
/// Dai and Le, "Semi-supervised Sequence Learning", NIPS 2015; Howard and Ruder, "Universal Language Model Fine-tuning for Text
/// Classification", ACL 2018.
/// </remarks>
internal sealed record PretrainedLayers(Network Forward, Network? Backward)
{
    private const string ForwardPart = ".forward.", BackwardPart = ".backward.";

    /// <summary>Copies the weights of all layers below the output layer.</summary>
    /// <param name="network">Its encoder has the sizes of the language models.</param>
    public void CopyTo(Network network)
    {
        foreach (Parameter parameter in network.Parameters.All.Where(parameter => parameter.Depth > 0))
            if (parameter.Name.Contains(BackwardPart, StringComparison.Ordinal))
                Copy(Backward!, parameter.Name.Replace(BackwardPart, ForwardPart, StringComparison.Ordinal), network, parameter);
            else
                Copy(Forward, parameter.Name, network, parameter);
    }

    /// <summary>Row by row: a tied embedding lies elsewhere than another.</summary>
    private static void Copy(Network from, string name, Network to, Parameter parameter)
    {
        Parameter source = from.Parameters.All.Single(each => each.Name == name);
        float[] values = new float[parameter.Units];
        for (int row = 0; row < parameter.Rows; row++)
            for (int gate = 0; gate < parameter.Gates; gate++)
            {
                source.Read(from.Parameters.Values, row, gate, values);
                parameter.Write(to.Parameters.Values, row, gate, values);
            }
    }
}
