# syntax=docker/dockerfile:1
# The binary alone, on an image with a C library and nothing else: no shell, no package manager, no root.
#
#   docker build -t podwire .
#   docker run --read-only --cap-drop ALL -p 8080:8080 -v podwire:/data podwire
#
# There is no HEALTHCHECK, since nothing in the image but podwire could run one: probe /healthz and /readyz.

FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
# The dependencies, in a layer that lasts until a manifest changes. The benches' files are not there yet.
COPY Cargo.toml Cargo.lock ./
RUN mkdir src \
 && echo 'fn main() {}' > src/main.rs \
 && touch src/lib.rs \
 && sed -i '/^\[\[bench\]\]/,/^$/d' Cargo.toml \
 && cargo build --release --locked --bin podwire
COPY . .
# Newer than what the layer above built, so that cargo builds them again.
RUN touch src/lib.rs src/main.rs \
 && cargo build --release --locked --bin podwire \
 && mkdir /data

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/target/release/podwire /usr/local/bin/podwire
# A new volume takes its owner from here: 65532 is the base image's nonroot.
COPY --from=build --chown=65532:65532 /data /data
ENV PODWIRE_LISTEN=0.0.0.0:8080 \
    PODWIRE_STORE=sqlite:/data/podwire.db
VOLUME /data
EXPOSE 8080
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/podwire"]
CMD ["serve"]
