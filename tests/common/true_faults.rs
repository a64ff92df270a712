//! What is wrong in the corpus itself.

/// Errors that are true: Kubernetes refuses these files as well.
pub(crate) const TRUE_FAULTS: [&str; 1] = [
    // VOUCH_ALLOWALLUSERS is true, and not "true".
    "kubernetes+ingress-nginx/docs/examples/auth/oauth-external-auth/vouch-proxy.yaml:21: error: \
     spec.template.spec.containers[0].env[0].value is a boolean, where Kubernetes wants text [wrong-type]",
];
