using System.Runtime.CompilerServices;

// As SequenceModels has it: the runtime hands out the attributes that name our loaders only because of it.
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
