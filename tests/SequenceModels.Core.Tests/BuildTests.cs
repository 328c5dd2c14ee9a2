using System.Diagnostics;
using System.Reflection;
using Xunit;

namespace SequenceModels.Tests;

public class BuildTests
{
    [Fact]
    public void The_tests_run_optimised_code()
    {
        var debuggable = typeof(SequencePooling).Assembly.GetCustomAttribute<DebuggableAttribute>();
        Assert.False(debuggable?.IsJITOptimizerDisabled ?? false);
    }
}
