# syntax=docker/dockerfile:1
# Both platforms from one file: docker buildx build --platform linux/amd64,linux/arm64 -t ampra .
# The build stage runs on the builder's own platform and cross-compiles, with the same script that CI runs.
FROM --platform=$BUILDPLATFORM node:20-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY scripts/setup.mjs scripts/setup.mjs
RUN node scripts/setup.mjs
COPY . .
ARG TARGETARCH
RUN npm run --silent build -- --only "$(test "$TARGETARCH" = arm64 && echo arm64 || echo x64)" \
 && mkdir /out && mv dist/ampra-linux-* /out/ampra

FROM debian:bookworm-slim
# The telemetry database's library needs the C++ runtime; certificates are for mail over TLS.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libstdc++6 ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin ampra \
 && install -d -o ampra -g ampra -m 0700 /data /cache
COPY --from=build /out/ampra /usr/local/bin/ampra
ENV AMPRA_DATA_DIR=/data AMPRA_CACHE_DIR=/cache
USER ampra
VOLUME /data
EXPOSE 8080 1883 8883
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["ampra", "doctor", "--ready"]
ENTRYPOINT ["ampra"]
CMD ["serve"]
