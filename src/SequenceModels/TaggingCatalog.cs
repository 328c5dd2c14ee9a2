using Microsoft.ML.Runtime;

namespace SequenceModels;

/// <summary>A label for each step of a sequence, such as the part of speech of each word; had from <c>mlContext.Sequences().Tagging</c>.</summary>
public sealed class TaggingCatalog
{
    internal TaggingCatalog(IHostEnvironment environment) => Trainers = new TaggingTrainers(environment);

    /// <summary>The trainers.</summary>
    public TaggingTrainers Trainers { get; }
}
