namespace SequenceModels.Cells;

/// <summary>Every cell there is. A cell listed here is trained, saved, gradient-checked and compared by name.</summary>
internal static class RecurrentCells
{
    public static IReadOnlyList<RecurrentCell> All { get; } =
        [new RnnCell(), new GruCell(), new LstmCell(), new PeepholeLstmCell(), new LayerNormLstmCell()];

    /// <summary>The cell of that name, or null.</summary>
    public static RecurrentCell? Find(string name) => All.FirstOrDefault(cell => cell.Name == name);
}
