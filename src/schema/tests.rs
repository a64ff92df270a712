use super::*;

fn shape(api_version: &str, kind: &str, path: &str) -> Option<Shape> {
    let mut of = SCHEMA.kind(api_version, kind)?.fields();
    let mut steps = path.split('.').peekable();
    loop {
        let shape = of.field(steps.next()?)?;
        if steps.peek().is_none() {
            return Some(shape.clone());
        }
        of = shape.object()?;
    }
}

fn lines() -> impl Iterator<Item = &'static str> {
    TABLES.iter().flat_map(|table| table.lines())
}

fn types() -> impl Iterator<Item = &'static Type> {
    lines().filter_map(|line| line.strip_prefix("type ")).map(|name| SCHEMA.named(name))
}

#[test]
fn every_line_of_the_tables_is_read() {
    let fields: usize = types().map(|of| of.fields().count()).sum();
    let read = SCHEMA.kinds().len() + types().count() + fields;
    assert_eq!(lines().filter(|line| !line.starts_with('#')).count(), read);
}

#[test]
fn every_kind_has_a_place_of_its_own() {
    assert!(SCHEMA.kinds().len() * 2 < PLACES);
    for kind in SCHEMA.kinds() {
        let found = SCHEMA.kind(kind.api_version, kind.kind);
        assert!(found.is_some_and(|found| found.object == kind.object), "{} {}", kind.api_version, kind.kind);
    }
    assert!(SCHEMA.kind("v1", "Widget").is_none());
}

#[test]
fn every_shape_is_known_and_no_type_is_in_itself() {
    let known: FxHashSet<_> = types().map(|of| of.name).collect();
    let names = |shape: &Shape| named(shape).is_none_or(|name| known.contains(name));
    assert!(types().flat_map(Type::fields).all(|(_, shape)| names(shape)));
    for kind in SCHEMA.kinds() {
        assert!(names(&Shape::Object(kind.object.clone())), "{}", kind.kind);
        assert!(depth(kind.fields(), 0) < 20, "{}", kind.kind);
    }
}

fn named(shape: &Shape) -> Option<&'static str> {
    match shape {
        Shape::List(inner) | Shape::Map(inner) => named(inner),
        Shape::Object(object) => Some(object.name),
        _ => None,
    }
}

fn depth(of: &Type, above: usize) -> usize {
    assert!(above < 50, "{} is in itself", of.name);
    let inner = of.fields().filter_map(|(_, shape)| match shape {
        Shape::Map(value) => value.object(),
        shape => shape.object(),
    });
    inner.map(|of| depth(of, above + 1)).max().unwrap_or(above)
}

#[test]
fn fields_take_what_kubernetes_decodes() {
    for (api_version, kind, path, wanted) in [
        ("v1", "Service", "spec.ports.targetPort", Shape::IntOrString),
        ("v1", "Service", "spec.selector", Shape::Map(Box::new(Shape::Text))),
        ("v1", "Pod", "spec.containers.resources.limits", Shape::Map(Box::new(Shape::Quantity))),
        ("v1", "Pod", "metadata.creationTimestamp", Shape::Time),
        ("v1", "Secret", "data", Shape::Map(Box::new(Shape::Bytes))),
        ("apps/v1", "Deployment", "spec.replicas", Shape::Int32),
        ("extensions/v1beta1", "Ingress", "spec.rules.http.paths.backend.servicePort", Shape::IntOrString),
        ("coordination.k8s.io/v1", "Lease", "spec.renewTime", Shape::MicroTime),
        // Fields that releases between the oldest and the newest alone had.
        ("v1", "Pod", "metadata.clusterName", Shape::Text),
        ("v1", "Pod", "spec.resourceClaims.source.resourceClaimName", Shape::Text),
    ] {
        assert_eq!(shape(api_version, kind, path), Some(wanted), "{kind} {path}");
    }
    assert_eq!(shape("v1", "Service", "spec.ports.targetport"), None);
}

#[test]
fn names_of_fields_are_known_in_any_case() {
    for (key, known) in [
        ("targetPort", true),
        ("TargetPort", true),
        ("$patch", true),
        ("$setElementOrder/ports", true),
        ("$patches", false),
        ("spending", false),
    ] {
        assert_eq!(is_field_name(key), known, "{key}");
    }
}
