using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Architecture.Tests;

/// <summary>That a type names another one: in its bases, members, attributes, signatures, locals or instructions.</summary>
public sealed record Use(string User, string Used)
{
    public override string ToString() => $"{User} uses {Used}";
}

/// <summary>
/// Reads from a compiled assembly which type uses which. Types that the compiler makes (state machines, closures) count as the type
/// around them.
/// </summary>
public static class UsedTypes
{
    private static readonly OpCodeTable OpCodes = new();

    public static IReadOnlyList<Use> Of(string assemblyPath)
    {
        using var file = new PEReader(File.OpenRead(assemblyPath));
        var metadata = file.GetMetadataReader();
        var uses = new HashSet<Use>();
        foreach (var handle in metadata.TypeDefinitions)
        {
            var type = metadata.GetTypeDefinition(handle);
            var user = OutermostName(metadata, handle);
            var collector = new Collector(metadata, used => uses.Add(new Use(user, used)));
            collector.Handle(type.BaseType);
            foreach (var implemented in type.GetInterfaceImplementations())
                collector.Handle(metadata.GetInterfaceImplementation(implemented).Interface);
            foreach (var attribute in type.GetCustomAttributes())
                collector.Handle(metadata.GetCustomAttribute(attribute).Constructor);
            foreach (var field in type.GetFields())
                metadata.GetFieldDefinition(field).DecodeSignature(collector, null);
            foreach (var method in type.GetMethods())
                ReadMethod(file, metadata, metadata.GetMethodDefinition(method), collector);
        }

        return [.. uses.Where(use => use.User != use.Used)];
    }

    private static void ReadMethod(PEReader file, MetadataReader metadata, MethodDefinition method, Collector collector)
    {
        method.DecodeSignature(collector, null);
        if (method.RelativeVirtualAddress == 0)
            return;

        var body = file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
            metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(collector, null);
        foreach (var region in body.ExceptionRegions.Where(region => !region.CatchType.IsNil))
            collector.Handle(region.CatchType);

        var il = body.GetILReader();
        while (il.RemainingBytes > 0)
        {
            var code = il.ReadByte();
            var operand = code == 0xFE ? OpCodes.TwoBytes[il.ReadByte()] : OpCodes.OneByte[code];
            switch (operand)
            {
                case Operand.Token:
                    var token = MetadataTokens.EntityHandle(il.ReadInt32());
                    collector.Handle(token);
                    break;
                case Operand.Switch:
                    // Read first: a compound assignment would take the offset from before the count.
                    var targets = il.ReadInt32();
                    il.Offset += 4 * targets;
                    break;
                default:
                    il.Offset += (int)operand;
                    break;
            }
        }
    }

    internal static string OutermostName(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer ? OutermostName(metadata, outer) : FullName(metadata, type.Namespace, type.Name);
    }

    private static string FullName(MetadataReader metadata, StringHandle space, StringHandle name)
    {
        var text = metadata.GetString(space);
        return text.Length == 0 ? metadata.GetString(name) : $"{text}.{metadata.GetString(name)}";
    }

    /// <summary>How many bytes follow an instruction; the two special ones are read by what they are.</summary>
    private enum Operand
    {
        None = 0,
        One = 1,
        Two = 2,
        Four = 4,
        Eight = 8,
        Token = 100,
        Switch = 101,
    }

    private sealed class OpCodeTable
    {
        public readonly Operand[] OneByte = new Operand[256];
        public readonly Operand[] TwoBytes = new Operand[256];

        public OpCodeTable()
        {
            foreach (var field in typeof(System.Reflection.Emit.OpCodes).GetFields().Where(field => field.IsStatic))
            {
                var code = (System.Reflection.Emit.OpCode)field.GetValue(null)!;
                var table = code.Size == 1 ? OneByte : TwoBytes;
                table[(byte)code.Value] = code.OperandType switch
                {
                    System.Reflection.Emit.OperandType.InlineNone => Operand.None,
                    System.Reflection.Emit.OperandType.ShortInlineBrTarget or System.Reflection.Emit.OperandType.ShortInlineI or System.Reflection.Emit.OperandType.ShortInlineVar => Operand.One,
                    System.Reflection.Emit.OperandType.InlineVar => Operand.Two,
                    System.Reflection.Emit.OperandType.InlineI8 or System.Reflection.Emit.OperandType.InlineR => Operand.Eight,
                    System.Reflection.Emit.OperandType.InlineSwitch => Operand.Switch,
                    System.Reflection.Emit.OperandType.InlineField or System.Reflection.Emit.OperandType.InlineMethod or System.Reflection.Emit.OperandType.InlineTok or System.Reflection.Emit.OperandType.InlineType => Operand.Token,
                    _ => Operand.Four,
                };
            }
        }
    }

    private sealed class Collector(MetadataReader metadata, Action<string> found) : ISignatureTypeProvider<string, object?>
    {
        public void Handle(EntityHandle handle)
        {
            if (handle.IsNil)
                return;

            switch (handle.Kind)
            {
                case HandleKind.TypeDefinition:
                    GetTypeFromDefinition(metadata, (TypeDefinitionHandle)handle, 0);
                    break;
                case HandleKind.TypeReference:
                    GetTypeFromReference(metadata, (TypeReferenceHandle)handle, 0);
                    break;
                case HandleKind.TypeSpecification:
                    metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null);
                    break;
                case HandleKind.MethodDefinition:
                    GetTypeFromDefinition(metadata, metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType(), 0);
                    break;
                case HandleKind.FieldDefinition:
                    GetTypeFromDefinition(metadata, metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType(), 0);
                    break;
                case HandleKind.MemberReference:
                    var member = metadata.GetMemberReference((MemberReferenceHandle)handle);
                    Handle(member.Parent);
                    if (member.GetKind() == MemberReferenceKind.Method)
                        member.DecodeMethodSignature(this, null);
                    else
                        member.DecodeFieldSignature(this, null);
                    break;
                case HandleKind.MethodSpecification:
                    var specification = metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                    Handle(specification.Method);
                    specification.DecodeSignature(this, null);
                    break;
            }
        }

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => Found(OutermostName(reader, handle));

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
        {
            var type = reader.GetTypeReference(handle);
            return type.ResolutionScope.Kind == HandleKind.TypeReference
                ? GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, rawTypeKind)
                : Found(FullName(reader, type.Namespace, type.Name));
        }

        public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public string GetArrayType(string elementType, ArrayShape shape) => elementType;

        public string GetByReferenceType(string elementType) => elementType;

        public string GetFunctionPointerType(MethodSignature<string> signature) => "";

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType;

        public string GetGenericMethodParameter(object? genericContext, int index) => "";

        public string GetGenericTypeParameter(object? genericContext, int index) => "";

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

        public string GetPinnedType(string elementType) => elementType;

        public string GetPointerType(string elementType) => elementType;

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => "";

        public string GetSZArrayType(string elementType) => elementType;

        private string Found(string name)
        {
            found(name);
            return name;
        }
    }
}
