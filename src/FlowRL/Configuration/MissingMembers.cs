using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace FlowRL.Configuration;

/// <summary>
/// What an assembly uses of FlowRL that this FlowRL does not have, read from its metadata: otherwise it would be found out one call at a time, in the
/// middle of a run.
/// </summary>
internal static class MissingMembers
{
    /// <exception cref="BadImageFormatException">The file is no .NET assembly.</exception>
    public static (AssemblyName Name, IReadOnlyList<AssemblyName> References) NameAndReferences(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        if (!image.HasMetadata) throw new BadImageFormatException();
        var metadata = image.GetMetadataReader();
        if (!metadata.IsAssembly) throw new BadImageFormatException();
        return (metadata.GetAssemblyDefinition().GetAssemblyName(),
            [.. metadata.AssemblyReferences.Select(handle => metadata.GetAssemblyReference(handle).GetAssemblyName())]);
    }

    /// <summary>Types and members by name, such as <c>FlowRL.Objectives.Credit.Uniform</c>; empty where the two fit.</summary>
    public static IReadOnlyList<string> Of(Assembly assembly)
    {
        using var image = new PEReader(File.OpenRead(assembly.Location));
        var metadata = image.GetMetadataReader();
        var user = assembly.GetName().Name!;
        var types = metadata.TypeReferences.Where(type => IsOfFlowRL(metadata, type))
            .Where(type => !Resolves(() => assembly.ManifestModule.ResolveType(MetadataTokens.GetToken(type)), user)).ToHashSet();
        var members = metadata.MemberReferences.Select(handle => (Handle: handle, Member: metadata.GetMemberReference(handle)))
            .Where(one => one.Member.Parent.Kind == HandleKind.TypeReference)
            .Select(one => (one.Handle, one.Member, Type: (TypeReferenceHandle)one.Member.Parent))
            .Where(one => IsOfFlowRL(metadata, one.Type) && !types.Contains(one.Type))
            .Where(one => !Resolves(() => assembly.ManifestModule.ResolveMember(MetadataTokens.GetToken(one.Handle)), user))
            .Select(one => $"{Name(metadata, one.Type)}.{metadata.GetString(one.Member.Name)}");
        return [.. types.Select(type => Name(metadata, type)).Concat(members).Distinct().Order(StringComparer.Ordinal)];
    }

    private static bool Resolves(Func<MemberInfo?> resolve, string user)
    {
        try
        {
            return resolve() is { } member && IsOpen(member, user);
        }
        catch (Exception lacking) when (lacking is MissingMemberException or TypeLoadException or ArgumentException)
        {
            return false;
        }
    }

    private static bool IsOpen(MemberInfo member, string user) => member.Module.Assembly.GetCustomAttributes<InternalsVisibleToAttribute>()
        .Any(friend => friend.AssemblyName == user) || member switch
        {
            Type type => type.IsVisible || type.IsNestedFamily || type.IsNestedFamORAssem,
            MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
            FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
            _ => true,
        };

    private static bool IsOfFlowRL(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var scope = metadata.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => IsOfFlowRL(metadata, (TypeReferenceHandle)scope),
            HandleKind.AssemblyReference => metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name) is "FlowRL" or "FlowRL.Lab",
            _ => false,
        };
    }

    private static string Name(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        var name = metadata.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference ? $"{Name(metadata, (TypeReferenceHandle)type.ResolutionScope)}.{name}"
            : type.Namespace.IsNil ? name : $"{metadata.GetString(type.Namespace)}.{name}";
    }
}
