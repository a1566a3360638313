using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using DynamicSurplus.Functions.Tests.Routes;

namespace DynamicSurplus.Functions.Tests.Reference;

/// <summary>
/// What an assembly uses of another: what its metadata refers to, what it overrides, what attributes set.
/// </summary>
internal sealed class UsedMembers
{
    private const BindingFlags All =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly string _sources;

    public UsedMembers(Assembly used, params Assembly[] users)
    {
        foreach (var user in users)
        {
            AddReferences(user.Location, used.GetName().Name!);
            foreach (var type in user.GetTypes())
            {
                AddOverrides(type, used);
                AddAttributes(type, used);
            }
        }
        string[] folders = ["src/DynamicSurplus.Functions", "tests/DynamicSurplus.Functions.Tests"];
        _sources = string.Concat(folders.SelectMany(TriggerSources.Files).Select(File.ReadAllText));
    }

    public bool Has(MemberInfo member) =>
        member switch
        {
            // A constant is no reference in metadata: the compiler writes its value.
            FieldInfo constant => _sources.Contains($"{constant.DeclaringType!.Name}.{constant.Name}"),
            PropertyInfo property => property.GetAccessors(nonPublic: true).Any(Has)
                || _used.Contains($"{property.DeclaringType!.FullName}.{property.Name}")
                || IsOfUsedConstructor(property),
            MethodBase method => _used.Contains(KeyOf(method)),
            _ => false,
        };

    public bool Has(Type type) => _used.Contains(type.FullName!);

    /// <summary>A record's property that its constructor's parameter makes.</summary>
    private bool IsOfUsedConstructor(PropertyInfo property) =>
        property
            .DeclaringType!.GetConstructors(All)
            .Any(constructor =>
                constructor.GetParameters().Any(parameter => parameter.Name == property.Name) && Has(constructor)
            );

    private static string KeyOf(MethodBase method) =>
        Key(method.DeclaringType!.FullName!, method.Name, method.GetParameters().Length);

    private static string Key(string type, string method, int parameters) => $"{type}.{method}/{parameters}";

    private void AddReferences(string file, string usedAssembly)
    {
        using var image = new PEReader(File.OpenRead(file));
        var reader = image.GetMetadataReader();
        var types = reader
            .TypeReferences.Where(handle =>
                reader.GetTypeReference(handle).ResolutionScope is { Kind: HandleKind.AssemblyReference } scope
                && reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name) == usedAssembly
            )
            .ToDictionary(
                EntityHandle (handle) => handle,
                handle =>
                {
                    var type = reader.GetTypeReference(handle);
                    return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
                }
            );
        _used.UnionWith(types.Values);
        foreach (var member in reader.MemberReferences.Select(reader.GetMemberReference))
        {
            if (types.TryGetValue(member.Parent, out var type) && member.GetKind() == MemberReferenceKind.Method)
            {
                var signature = reader.GetBlobReader(member.Signature);
                var header = signature.ReadSignatureHeader();
                _ = header.IsGeneric ? signature.ReadCompressedInteger() : 0;
                _used.Add(Key(type, reader.GetString(member.Name), signature.ReadCompressedInteger()));
            }
        }
    }

    private void AddOverrides(Type type, Assembly used)
    {
        foreach (var method in type.GetMethods(All).Where(method => method.IsVirtual))
        {
            for (var above = type.BaseType; above is not null; above = above.BaseType)
            {
                var definition = method.GetBaseDefinition();
                if (above.Assembly == used && definition.DeclaringType == above)
                {
                    _used.Add(KeyOf(definition));
                }
            }
        }
    }

    private void AddAttributes(Type type, Assembly used)
    {
        IEnumerable<MethodInfo> methods = type.GetMethods(All);
        var attributes = methods
            .SelectMany(method => method.CustomAttributes)
            .Concat(methods.SelectMany(method => method.GetParameters()).SelectMany(p => p.CustomAttributes))
            .Where(attribute => attribute.AttributeType.Assembly == used);
        foreach (var attribute in attributes)
        {
            _used.UnionWith(
                attribute.NamedArguments.Select(argument => $"{attribute.AttributeType.FullName}.{argument.MemberName}")
            );
        }
    }
}
