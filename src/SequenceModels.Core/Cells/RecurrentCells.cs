namespace SequenceModels.Cells;

/// <summary>Every cell there is. A cell listed here is trained, saved, gradient-checked and compared by name.</summary>
internal static class RecurrentCells
{
    public static IReadOnlyList<RecurrentCell> All { get; } =
        [new RnnCell(), new GruCell(), new LstmCell(), new PeepholeLstmCell(), new LayerNormLstmCell()];

    /// <summary>The kinds of cells that a family has.</summary>
    public static IEnumerable<RecurrentCellKind> KindsOf(string family) =>
        All.Where(cell => cell.Family == family).Select(cell => cell.Kind);

    /// <summary>The cell of a family and kind, or null.</summary>
    public static RecurrentCell? Find(string family, RecurrentCellKind kind) =>
        All.FirstOrDefault(cell => cell.Family == family && cell.Kind == kind);

    /// <summary>The cell of that name, or null.</summary>
    public static RecurrentCell? Find(string name) => All.FirstOrDefault(cell => cell.Name == name);
}
