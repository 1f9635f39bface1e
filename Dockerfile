# Two images: `monitor` runs what npm publishes, `demo` the demo application.
# Pinned by version; where a registry can be asked, pin the digest too: node:24.21.0-bookworm-slim@sha256:…
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json tsconfig.edge.json ./
COPY scripts/build.ts scripts/build.ts
COPY src src
COPY supabase supabase
RUN node scripts/build.ts

# The packages that the programs need, as the lockfile has them.
FROM ${NODE_IMAGE} AS packages
WORKDIR /packages
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE} AS demo
WORKDIR /opt/demo
ENV NODE_ENV=production DENO_DIR=/tmp/deno
COPY package.json ./
COPY --from=packages /packages/node_modules node_modules
# The edge functions run on Deno, which the monitor has no use for.
COPY --from=build /build/node_modules/deno node_modules/deno
COPY src src
COPY supabase supabase
COPY examples examples
USER 10010:10010
EXPOSE 8001 8002 8003 54321
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=6 \
	CMD ["node", "-e", "fetch('http://127.0.0.1:54321/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "examples/demo.ts"]

FROM ${NODE_IMAGE} AS monitor
LABEL org.opencontainers.image.title="Adult Matching Monitoring" org.opencontainers.image.licenses="MIT"
# history and instance id are in data/, below this folder
WORKDIR /var/lib/monitor
ENV NODE_ENV=production METRICS_HOST=0.0.0.0
COPY --from=packages /packages/node_modules /opt/monitor/node_modules
COPY --from=build /build/dist /opt/monitor/dist
COPY package.json LICENSE /opt/monitor/
COPY docker/ready.mjs /opt/monitor/
COPY docker/answers.sh /usr/local/bin/answers
COPY docker/setup.sh /usr/local/bin/setup
RUN chmod 755 /usr/local/bin/answers /usr/local/bin/setup && mkdir data && chown 10010:10010 data
USER 10010:10010
EXPOSE 8000
VOLUME /var/lib/monitor/data
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=6 CMD ["node", "/opt/monitor/ready.mjs"]
ENTRYPOINT ["node", "/opt/monitor/dist/cli.js"]
CMD ["start"]
