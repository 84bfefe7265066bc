# One static program, the certificates it needs to call out, and a folder for its data. No shell, no package: nothing
# to patch but Passeur. Time zones are inside the program (main.go imports them); e2e/chroot builds and runs exactly this.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# Its version, as `passeur status` shows it among several robots: --build-arg RELEASE=1.4.0
ARG RELEASE=""
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.release=$RELEASE" -o /out/passeur .
RUN mkdir /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/passeur /passeur
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
ENV PASSEUR_DATABASE=/data/passeur.db
ENV PASSEUR_LISTEN=0.0.0.0:8080
ENV TMPDIR=/data
VOLUME /data
EXPOSE 8080
# No HEALTHCHECK: there is no shell and no HTTP client in here. GET /health from outside: 200, or 503 with the reasons.
ENTRYPOINT ["/passeur"]
CMD ["serve"]
