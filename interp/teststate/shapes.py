"""Writes shapes.txt from AWS's API models: python3 shapes.py > shapes.txt

Needs botocore (Apache-2.0), which ships the models. Only what operations answer
is taken, and of that only what TestState checks.
"""

import botocore.session

SERVICES = {  # by the name aws-sdk resources have
    "dynamodb": "dynamodb", "eventbridge": "events", "kms": "kms", "lambda": "lambda", "s3": "s3",
    "secretsmanager": "secretsmanager", "sfn": "stepfunctions", "sns": "sns", "sqs": "sqs",
}
RECORDED = {("lambda", "MemorySize"): {"max": 10240}}  # TestState's own limit, which the models have raised
SIMPLE = {"boolean": "b", "integer": "n", "long": "n", "float": "n", "double": "n", "string": "s", "timestamp": "s", "blob": "s"}


def capital(name):
    return name[:1].upper() + name[1:]


def reference(service, shape):
    """The type of a member, such as n128..10240 or [@Tag]."""
    t = shape.type_name
    if t == "structure":
        return "@" + shape.name if shape.members and not shape.metadata.get("eventstream") else "*"
    if t == "list":
        return "[" + reference(service, shape.member)
    if t == "map":
        return "{" + reference(service, shape.value)
    if t not in SIMPLE:
        return "*"
    if t == "string" and shape.enum:
        return "s|" + "|".join(v.replace(" ", "_") for v in shape.enum)
    limits = dict(shape.metadata, **RECORDED.get((service, shape.name), {}))
    if SIMPLE[t] == "n" and ("min" in limits or "max" in limits):
        return f"n{limits.get('min', '')}..{limits.get('max', '')}"
    if SIMPLE[t] == "s" and (limits.get("min", 0) > 0 or "max" in limits):
        return f"s{limits.get('min') or ''}..{limits.get('max', '')}"  # the length
    return SIMPLE[t]


def main():
    session = botocore.session.get_session()
    for service, name in SERVICES.items():
        model = session.get_service_model(name)
        print("service", service)
        shapes, queue = {}, []
        for operation in model.operation_names:
            output = model.operation_model(operation).output_shape
            if output is not None and output.members:
                print("answers", operation[:1].lower() + operation[1:], output.name)
                queue.append(output)
        while queue:
            shape = queue.pop()
            if shape.type_name == "list":
                queue.append(shape.member)
            elif shape.type_name == "map":
                queue.append(shape.value)
            elif shape.type_name == "structure" and shape.name not in shapes:
                shapes[shape.name] = shape
                queue.extend(shape.members.values())
        for name in sorted(shapes):
            shape = shapes[name]
            if shape.members:
                print(name, *(capital(k) + ("!" if k in shape.required_members else ":") + reference(service, v) for k, v in shape.members.items()))


main()
