ARG NODE_IMAGE
FROM ${NODE_IMAGE}
COPY package.json /opt/stand-in/
COPY test /opt/stand-in/test
COPY scripts /opt/stand-in/scripts
RUN mkdir -p /var/lib/grafana && chown 472:472 /var/lib/grafana && cp /opt/stand-in/test/compose/stand-ins/curl.sh /usr/bin/curl && chmod 755 /usr/bin/curl
ENTRYPOINT ["node", "/opt/stand-in/test/compose/stand-ins/grafana.ts"]
