using System.Reflection;
using PublicApiGenerator;
using Xunit;

namespace SequenceModels.Tests;

public class PublicApiTests
{
    // By default the generator leaves out the namespace Microsoft, where our catalog methods are.
    private static readonly ApiGeneratorOptions s_options =
        new() { IncludeAssemblyAttributes = false, DenyNamespacePrefixes = [] };

    [Theory]
    [InlineData("SequenceModels.Core")]
    [InlineData("SequenceModels")]
    [InlineData("SequenceModels.Audio")]
    [InlineData("SequenceModels.Mpi")]
    public void The_public_face_is_the_approved_one(string assembly) => Approved.Compare(
        Assembly.Load(assembly).GeneratePublicApi(s_options),
        Repository.PathOf("tests", "SequenceModels.Tests", "PublicApi", $"{assembly}.approved.txt"));
}
