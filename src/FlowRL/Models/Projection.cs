namespace FlowRL.Models;

/// <summary>The weight matrices of a layer, under the names that Hugging Face gives them.</summary>
public enum Projection { QProj, KProj, VProj, OProj, GateProj, UpProj, DownProj }
