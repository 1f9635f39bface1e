ARG NODE_IMAGE
FROM ${NODE_IMAGE}
COPY package.json /opt/stand-in/
COPY test /opt/stand-in/test
COPY scripts /opt/stand-in/scripts
RUN mkdir -p /var/tempo && chown 10001:10001 /var/tempo
ENTRYPOINT ["node", "/opt/stand-in/test/compose/stand-ins/tempo.ts"]
