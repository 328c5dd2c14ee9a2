namespace SequenceModels;

/// <summary>What a forecast starts from: the network gives the change from it.</summary>
public enum ForecastFrom
{
    /// <summary>
    /// The value itself is forecast; of <see cref="ForecastTransform.Difference"/> the change from the last value.
    /// </summary>
    Nothing,

    /// <summary>
    /// The last value: often better where series wander. Of seasonal differences, the last of these is taken to go on.
    /// </summary>
    LastValue,

    /// <summary>
    /// The value one season before the step that is forecast; further ahead than a season, the last that is known at the same
    /// place of the season. For series that repeat themselves, such as loads by the hour and sales by the month.
    /// </summary>
    SeasonAgo,
}
