ARG NODE_IMAGE
FROM ${NODE_IMAGE}
COPY postgres /opt/postgres
COPY package.json /opt/stand-in/
COPY test /opt/stand-in/test
COPY scripts /opt/stand-in/scripts
RUN cp /opt/stand-in/test/compose/stand-ins/psql.sh /bin/psql && chmod 755 /bin/psql \
	&& mkdir -p /var/lib/postgresql/data && chown -R 999:999 /var/lib/postgresql
ENTRYPOINT ["sh", "/opt/stand-in/test/compose/stand-ins/postgres.sh"]
