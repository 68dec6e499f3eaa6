"""HTTP: routes, who asks (RFC 9421), limits, problem documents, live events."""
