using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace DynamicSurplus.Functions.Tests.Reference;

/// <summary>
/// Public and protected members of an assembly, written as C# declares them: one line each, with nullability and
/// default values. What the compiler adds to a record by itself is left out.
/// </summary>
internal static class Signatures
{
    private const BindingFlags Declared =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>By type; the first line declares the type itself.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Of(Assembly assembly) =>
        assembly
            .GetExportedTypes()
            .ToDictionary(
                type => type.FullName!,
                IReadOnlyList<string> (type) => [DeclarationOf(type), .. MembersOf(type).Select(member => member.Text)]
            );

    /// <summary>The type's own members, each with what names it in metadata.</summary>
    public static IEnumerable<(string Text, MemberInfo Member)> MembersOf(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type)
                .Select(name => type.GetField(name)!)
                .Select(field => ($"{field.Name} = {field.GetRawConstantValue()}", (MemberInfo)field));
        }
        return type.GetMembers(Declared)
            .Where(member => !member.IsDefined(typeof(CompilerGeneratedAttribute)) && !IsAddedToRecord(member))
            .Select(member =>
                (
                    Text: member switch
                    {
                        ConstructorInfo constructor when IsSeen(constructor) => Of(constructor),
                        MethodInfo { IsSpecialName: false } method when IsSeen(method) => Of(method),
                        MethodInfo { Name: "op_Implicit" } conversion => Of(conversion),
                        PropertyInfo property when property.GetMethod is { } get && IsSeen(get) => Of(property),
                        _ => "",
                    },
                    member
                )
            )
            .Where(member => member.Text.Length > 0)
            .OrderBy(member => member.Text, StringComparer.Ordinal);
    }

    private static bool IsSeen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$", Declared) is not null;

    private static bool IsAddedToRecord(MemberInfo member) =>
        IsRecord(member.DeclaringType!)
        && (
            member is PropertyInfo { Name: "EqualityContract" }
            || (
                member is ConstructorInfo constructor
                && constructor.GetParameters() is [var only]
                && only.ParameterType == member.DeclaringType
            )
        );

    private static string DeclarationOf(Type type)
    {
        var kind =
            type.IsEnum ? "enum"
            : type.IsValueType ? "readonly struct"
            : (type.IsAbstract, type.IsSealed) switch
            {
                (true, true) => "static ",
                (true, false) => "abstract ",
                (false, true) => "sealed ",
                _ => "",
            } + (IsRecord(type) ? "record" : "class");
        string[] bases =
        [
            .. typeof(Attribute).IsAssignableFrom(type) ? ["Attribute"] : Array.Empty<string>(),
            .. typeof(Exception).IsAssignableFrom(type) ? ["Exception"] : Array.Empty<string>(),
        ];
        return $"public {kind} {Name(type)}{(bases.Length > 0 ? " : " + bases[0] : "")}";
    }

    private static string Of(ConstructorInfo constructor) =>
        $"{Access(constructor)} {Bare(constructor.DeclaringType!.Name)}({Parameters(constructor)})";

    private static string Of(MethodInfo method)
    {
        if (method.Name == "op_Implicit")
        {
            return $"public static implicit operator {Name(method.ReturnType)}({Parameters(method)})";
        }
        var generic = method.IsGenericMethod
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>"
            : "";
        var extends = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        var returned = Named(method.ReturnParameter);
        return $"{Access(method)} {Modifier(method)}{returned} {method.Name}{generic}({extends}{Parameters(method)})";
    }

    private static string Of(PropertyInfo property)
    {
        var set = property.SetMethod switch
        {
            null => "",
            var setter when !IsSeen(setter) => "",
            var setter when setter.ReturnParameter.GetRequiredCustomModifiers().Any(IsInit) => " init;",
            _ => " set;",
        };
        var type = Name(property.PropertyType, Nullability.Create(property));
        return $"{Access(property.GetMethod!)} {Modifier(property.GetMethod!)}{type} {property.Name} {{ get;{set} }}";
    }

    /// <summary>By name: libraries for older frameworks bring the type with them.</summary>
    private static bool IsInit(Type modifier) => modifier.FullName == typeof(IsExternalInit).FullName;

    private static string Access(MethodBase method) => method.IsPublic ? "public" : "protected";

    private static string Modifier(MethodInfo method) =>
        method.IsStatic ? "static "
        : method.IsAbstract ? "abstract "
        : method.GetBaseDefinition() != method ? "override "
        : method is { IsVirtual: true, IsFinal: false } ? "virtual "
        : "";

    private static string Parameters(MethodBase method) =>
        string.Join(
            ", ",
            method
                .GetParameters()
                .Select(parameter =>
                    (parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")
                    + $"{Named(parameter)} {parameter.Name}"
                    + (parameter.HasDefaultValue ? $" = {Default(parameter)}" : "")
                )
        );

    private static string Default(ParameterInfo parameter) =>
        parameter.RawDefaultValue switch
        {
            null
                when parameter.ParameterType.IsValueType
                    && Nullable.GetUnderlyingType(parameter.ParameterType) is null => "default",
            null => "null",
            _ when parameter.ParameterType.IsEnum => "default",
            bool value => value ? "true" : "false",
            var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    private static string Named(ParameterInfo parameter) =>
        Name(parameter.ParameterType, Nullability.Create(parameter));

    private static string Name(Type type, NullabilityInfo? nullability = null)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Name(value) + "?";
        }
        var mark = !type.IsValueType && nullability?.ReadState == NullabilityState.Nullable ? "?" : "";
        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!, nullability?.ElementType)}[]{mark}";
        }
        var arguments = type.GetGenericArguments()
            .Select(
                (argument, index) =>
                    // Within another type the framework does not tell a T from a T?; the official API has none there.
                    Name(
                        argument,
                        argument.IsGenericParameter ? null : nullability?.GenericTypeArguments.ElementAtOrDefault(index)
                    )
            )
            .ToArray();
        var generic = arguments.Length > 0 ? $"<{string.Join(", ", arguments)}>" : "";
        return Keyword(Bare(type.Name)) + generic + mark;
    }

    private static string Bare(string name) => name.Split('`')[0];

    private static string Keyword(string name) =>
        name switch
        {
            "Boolean" => "bool",
            "Byte" => "byte",
            "Double" => "double",
            "Int32" => "int",
            "Int64" => "long",
            "Object" => "object",
            "String" => "string",
            "Void" => "void",
            _ => name,
        };
}
