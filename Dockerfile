# Crosswalk in a container: `docker build -t crosswalk .`, or `docker compose up -d --build` (compose.yaml).
# Runs as a user without rights; nothing but /data has to be writable. docs/install.md says how to use it.
ARG NODE=24.21.0

# The console's screens. Their tools stay behind here.
FROM node:${NODE}-bookworm-slim AS screens
WORKDIR /app
COPY . .
RUN npm ci --ignore-scripts && node scripts/screens.ts console

# What the service needs when it runs.
FROM node:${NODE}-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY shared/package.json shared/
COPY connectors/package.json connectors/
COPY bridge-service/package.json bridge-service/
COPY wp-plugin/package.json wp-plugin/
COPY hubspot-app/package.json hubspot-app/
COPY test/package.json test/
RUN npm ci --ignore-scripts --omit=dev --workspace bridge-service --workspace connectors --workspace shared

FROM node:${NODE}-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8787 \
    DATA_DIR=/data/store \
    NODE_COMPILE_CACHE=/data/compiled
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE ./
COPY shared shared
COPY connectors connectors
COPY bridge-service bridge-service
# The demo shop of the first page.
COPY test/package.json test/
COPY test/simulators test/simulators
COPY test/fixtures/woocommerce test/fixtures/woocommerce
# `node scripts/backup.ts` and `node scripts/restore.ts`.
COPY scripts scripts
COPY --from=screens /app/wp-plugin/build/console wp-plugin/build/console
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8787
HEALTHCHECK --start-period=60s --interval=30s --timeout=5s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# SIGTERM hands work back within ten seconds.
STOPSIGNAL SIGTERM
CMD ["node", "bridge-service/src/start.mjs"]
