using System.Diagnostics;
using System.Reflection;
using Xunit;

namespace SequenceModels.Tests;

public class BuildTests
{
    /// <summary>Unoptimised kernels are many times slower, and <c>dotnet test</c> builds Debug.</summary>
    [Fact]
    public void The_tests_run_optimised_code()
    {
        Assembly[] assemblies = [typeof(SequenceNetwork).Assembly, typeof(SequenceTrainer).Assembly, typeof(AudioClip).Assembly,
            typeof(MpiTraining).Assembly, typeof(BuildTests).Assembly];
        Assert.All(assemblies, assembly =>
            Assert.False(assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled));
    }
}
