# Istmo, installed from this checkout with the pinned versions of constraints.txt.
ARG PYTHON_IMAGE=python:3.11-slim
FROM ${PYTHON_IMAGE} AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY core core
COPY adapters adapters
COPY bootstrap bootstrap
RUN python -m venv /opt/istmo \
 && /opt/istmo/bin/pip install --no-cache-dir --disable-pip-version-check -c constraints.txt .

FROM ${PYTHON_IMAGE}
RUN useradd --system --uid 10001 --home-dir /var/lib/istmo --create-home istmo
COPY --from=build /opt/istmo /opt/istmo
ENV PATH=/opt/istmo/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /var/lib/istmo
RUN mkdir -p var/marks && chown -R istmo:istmo var
USER istmo
VOLUME /var/lib/istmo/var
EXPOSE 8080
ENTRYPOINT ["istmo"]
CMD ["serve"]
