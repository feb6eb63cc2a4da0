using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CsvHelper;
using CsvHelper.Configuration;

namespace FlowRL.Data;

/// <summary>Rows of a CSV or TSV file with a header; every field is text.</summary>
internal static class CsvRows
{
    public static IEnumerable<DataRow> Read(string path, string delimiter, Action<string, string> damaged)
    {
        using var text = new StreamReader(DataFile.Open(path), new UTF8Encoding(false, throwOnInvalidBytes: false));
        using var csv = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter,
            BadDataFound = null,
            MaxFieldSize = DataReader.LongestLine,
        });
        if (!csv.Read()) yield break;
        var header = csv.Record!;
        if (header.Where(name => name != "").GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new BadInputException($"{path}:1: the header names '{twice.Key}' twice; give each column a name of its own.");
        while (true)
        {
            var place = $"{path}:{csv.RawRow + 1}";
            string[]? record;
            try
            {
                if (!csv.Read()) yield break;
                record = csv.Record!;
            }
            catch (CsvHelperException broken)
            {
                throw new BadInputException(
                    $"{place}: not valid CSV ({broken.Message.Split('\n')[0].TrimEnd('.', '\r')}); quote fields that hold separators.", broken);
            }
            if (record.Length != header.Length) damaged(place, $"{record.Length} fields, and the header has {header.Length}");
            else if (record.Any(field => field.Contains('\uFFFD', StringComparison.Ordinal))) damaged(place, "not UTF-8");
            else yield return new DataRow(path, csv.RawRow, Fields(header, record));
        }
    }

    private static JsonObject Fields(string[] header, string[] record)
    {
        var fields = new JsonObject();
        foreach (var (name, value) in header.Zip(record)) fields[name] = value;
        return fields;
    }
}
