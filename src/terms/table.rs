//! The table of terms.

use super::Explained;
use super::Origin::{self, Allocated, Defaulted, Example, Picture, WorkedOut, Written};

macro_rules! terms {
    ($($group:literal { $($term:ident $slug:literal $name:literal $origin:ident $words:literal $url:literal)* })*) => {
        /// A word or a jack of the board.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the table says what each is")]
        pub enum Term { $($($term,)*)* }

        impl Term {
            /// All of them, in the order in which one reads them.
            pub const ALL: &'static [Self] = &[$($(Self::$term,)*)*];

            /// The same in groups, each with its name.
            pub const GROUPS: &'static [(&'static str, &'static [Self])] = &[$(($group, &[$(Self::$term,)*]),)*];

            /// What there is to say of it.
            pub const fn explained(self) -> Explained {
                let (slug, name, origin, words, url): (&str, &str, Origin, &str, &str) = match self {
                    $($(Self::$term => ($slug, $name, $origin, $words, $url),)*)*
                };
                Explained { slug, name, origin, words, url }
            }
        }
    };
}

terms! {
    "Places and columns" {
        YourNetwork "your-network" "Your network" Picture
            "Where clients outside the cluster are. They reach nodes and load balancers, but neither the \
            addresses of Services nor those of pods."
            "https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types"
        Cluster "cluster" "Cluster" Picture
            "The nodes, and the Services, which live on no machine: every node knows their addresses and passes \
            on what is sent there."
            "https://kubernetes.io/docs/reference/networking/virtual-ips/"
        PodNetwork "pod-network" "Pod network" Picture
            "Every pod has an address of its own here. Pods and nodes reach it, whatever node the pod is on; \
            clients outside do not."
            "https://kubernetes.io/docs/concepts/cluster-administration/networking/"
        PodNetworkExample "pod-network-example" "Pod network" Example
            "A range made up for this picture, since the upload names no pod addresses. Each cluster has a range \
            of its own."
            "https://kubernetes.io/docs/concepts/cluster-administration/networking/"
        ListedNetwork "listed-network" "Listed addresses" Picture
            "Addresses that an EndpointSlice or an Endpoints object lists. They may be outside the cluster."
            "https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors"
        ClientsLane "clients-lane" "Clients" Picture
            "Who begins a connection from outside the cluster."
            "https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types"
        WaysInLane "ways-in-lane" "Ways in" Picture
            "Where a connection can enter: ports of nodes, load balancers, Ingresses, Gateways, and the names \
            that pods inside dial."
            "https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types"
        PodsLane "pods-lane" "Pods" Picture
            "Who answers: the pods that a Service selects, or the addresses that are listed for it."
            "https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service"
        Laptop "laptop" "Client outside" Picture
            "Someone in the same network as the nodes, such as you. It dials the address of a node and a node \
            port."
            "https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport"
        Internet "internet" "Client outside" Picture
            "Someone anywhere, who comes by a load balancer, an Ingress, a Gateway or an external IP."
            "https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types"
        LaptopAddress "laptop-address" "Address of the client" Example
            "Made up for this picture, in the same network as the nodes."
            "https://kubernetes.io/docs/concepts/cluster-administration/networking/"
        AnyAddress "any-address" "Address of the client" Picture
            "Wherever it is: whoever gets a packet to the way in gets in, unless the way in is kept to some \
            ranges."
            "https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer"
        ClientJack "client-jack" "Where the client begins" Picture
            "From here wires go to every way in that this client can use."
            "https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types"
    }
    "Nodes and their ports" {
        Node "node" "Node" Picture
            "The machines of the cluster, drawn as one card: each of them listens on every node port, also where \
            no pod of the Service runs."
            "https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport"
        ListensAt "listens-at" "Listens at" Picture
            "The address of a node that a client outside dials, with one of the node ports below."
            "https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport"
        NodeAddress "node-address" "Address of a node" Written
            "The first address that the status of the Node in the upload reports."
            "https://kubernetes.io/docs/reference/node/node-status/#addresses"
        NodeAddressExample "node-address-example" "Address of a node" Example
            "Made up for this picture, since there is no Node in the upload that says its address."
            "https://kubernetes.io/docs/reference/node/node-status/#addresses"
        NodePortWritten "node-port-written" "nodePort" Written
            "The port on every node that leads to this Service port. It is asked for by number, so it must be \
            free in the whole cluster and within its range, 30000 to 32767 unless the cluster says otherwise."
            "https://kubernetes.io/docs/concepts/services-networking/service/#nodeport-custom-port"
        NodePortAllocated "node-port-allocated" "nodePort" Allocated
            "No nodePort is written, so the cluster picks a free one from its range, 30000 to 32767 unless the \
            cluster says otherwise. It is not known before the Service is made."
            "https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport"
        NodePortShared "node-port-shared" "nodePort" Defaulted
            "No nodePort is written here, but another port of the Service with the same port number asks for this \
            one, and the allocator uses it for both protocols."
            "https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport"
        NodePortRefused "node-port-refused" "nodePort" Written
            "Kubernetes refuses this number, so the Service is not made as written; the words below say why."
            "https://kubernetes.io/docs/concepts/services-networking/service/#nodeport-custom-port"
        NodePortOf "node-port-of" "Leads to" WorkedOut
            "The Service, and which of its ports, that connections to this node port are passed on to."
            "https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport"
        NodesWithPods "nodes-with-pods" "On these nodes" WorkedOut
            "Under externalTrafficPolicy: Local a node passes connections only to pods of its own; these nodes \
            have some, as far as the upload says."
            "https://kubernetes.io/docs/reference/networking/virtual-ips/#external-traffic-policy"
        NoLocalPod "no-local-pod" "No local pod" WorkedOut
            "Under externalTrafficPolicy: Local a node without a ready pod of its own drops what comes to this \
            port."
            "https://kubernetes.io/docs/reference/networking/virtual-ips/#external-traffic-policy"
        PlaceUnknown "place-unknown" "Place unknown" WorkedOut
            "Under externalTrafficPolicy: Local it matters on which nodes the pods run, and the upload does not \
            say."
            "https://kubernetes.io/docs/reference/networking/virtual-ips/#external-traffic-policy"
        NodePortJack "node-port-jack" "Jack of a node port" Picture
            "Clients outside plug in here: the address of any node, and this port."
            "https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport"
        ToServiceJack "to-service-jack" "On to the Service" Picture
            "What came in here goes on to the port of a Service."
            "https://kubernetes.io/docs/reference/networking/virtual-ips/"
    }
    "Load balancers and external IPs" {
        ServiceInFront "service-in-front" "Name of the Service" Written
            "The Service that this way in stands in front of."
            "https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types"
        TypeLoadBalancer "type-load-balancer" "type: LoadBalancer" Written
            "Asks the cloud, or whoever plays its part, for an address outside the cluster. The Service has a \
            cluster IP and node ports as well, unless it says otherwise."
            "https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer"
        BalancerAddress "balancer-address" "Address of the load balancer" Written
            "From the Service's status: where the load balancer listens, on the Service's own port."
            "https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer"
        BalancerPending "balancer-pending" "Address pending" Allocated
            "No address stands in the Service's status yet: whoever provides load balancers writes it there."
            "https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer"
        BalancerMany "balancer-many" "Several addresses" Written
            "The Service's status has more than one address; the others stand below."
            "https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer"
        BalancerJack "balancer-jack" "Jack of a load balancer" Picture
            "Clients outside plug in here: the load balancer's address and the Service's own port."
            "https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer"
        SourceRanges "source-ranges" "loadBalancerSourceRanges" Written
            "The load balancer lets in clients of these ranges alone, where its provider can do that."
            "https://kubernetes.io/docs/tasks/access-application-cluster/configure-cloud-provider-firewall/"
        OnlyNodesWithPods "only-nodes-with-pods" "externalTrafficPolicy: Local" Written
            "The load balancer sends only to nodes that have a ready pod of this Service, and the pods see the \
            client's own address."
            "https://kubernetes.io/docs/tasks/access-application-cluster/create-external-load-balancer/#preserving-the-client-source-ip"
        AsksForAddress "asks-for-address" "loadBalancerIP" Written
            "An address that is asked for. The field is deprecated, and many providers take no notice of it."
            "https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/#ServiceSpec"
        BalancerClass "balancer-class" "loadBalancerClass" Written
            "Which implementation is to provide the load balancer, where it is not the cluster's own."
            "https://kubernetes.io/docs/concepts/services-networking/service/#load-balancer-class"
        NoNodePort "no-node-port" "allocateLoadBalancerNodePorts: false" Written
            "No node port is allocated: the load balancer must send to pods without one."
            "https://kubernetes.io/docs/concepts/services-networking/service/#load-balancer-nodeport-allocation"
        ExternalIp "external-ip" "External IP" Written
            "An address that somebody else routes to the nodes. What arrives there with the Service's port is \
            passed on like what is sent to the cluster IP."
            "https://kubernetes.io/docs/concepts/services-networking/service/#external-ips"
        ExternalIpJack "external-ip-jack" "Jack of an external IP" Picture
            "Clients outside plug in here: the external IP and the Service's own port."
            "https://kubernetes.io/docs/concepts/services-networking/service/#external-ips"
        AlsoAddress "also-address" "Further address" Written
            "Another address of the same, with the same ports."
            "https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/#ServiceSpec"
    }
    "Routes" {
        IngressName "ingress-name" "Name of the Ingress" Written
            "An Ingress has rules that send HTTP requests to Services by host and path."
            "https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource"
        GatewayName "gateway-name" "Name of the Gateway" Written
            "A Gateway has listeners; routes of other objects attach to them and send requests to Services."
            "https://gateway-api.sigs.k8s.io/reference/spec/#gateway"
        RouteObjectName "route-object-name" "Name of the route" Written
            "A route of the Gateway API whose Gateway is not in this upload."
            "https://gateway-api.sigs.k8s.io/reference/spec/#httproute"
        IngressKind "ingress-kind" "Ingress" Written
            "Rules for HTTP by host and path. It does nothing by itself: an Ingress controller must run that \
            takes its class."
            "https://kubernetes.io/docs/concepts/services-networking/ingress/"
        GatewayKind "gateway-kind" "Gateway" Written
            "A place where traffic enters, with listeners for ports, protocols and hosts; a controller makes it \
            work."
            "https://gateway-api.sigs.k8s.io/reference/spec/#gateway"
        RouteKind "route-kind" "Route of the Gateway API" Written
            "Says which requests go to which Services; by which Gateway they come is not in this upload."
            "https://gateway-api.sigs.k8s.io/reference/spec/#httproute"
        IngressClass "ingress-class" "Class" WorkedOut
            "Which controller is to make it work: written, or the default class of the upload."
            "https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class"
        GatewayClass "gateway-class" "Class" Written
            "Which controller is to make the Gateway work."
            "https://gateway-api.sigs.k8s.io/reference/spec/#gatewayclass"
        RouteAddress "route-address" "Address" Written
            "The address that status, or the Gateway itself, says it is reached at."
            "https://gateway-api.sigs.k8s.io/reference/spec/#gateway"
        IngressHost "ingress-host" "Host of the request" Written
            "Requests for this host take this way; without one, those for any host."
            "https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards"
        IngressAsks "ingress-asks" "Path of the request" Written
            "Which paths take this way, and how they are matched: Exact, by Prefix, or as the controller likes."
            "https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types"
        GatewayHost "gateway-host" "Host of the request" WorkedOut
            "The host that the listener and the route have in common, with the listener's port where clients have \
            to write it."
            "https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec"
        GatewayAsks "gateway-asks" "What the request must be" Written
            "Path, method, headers and parameters that this way takes, its share where a rule has several \
            backends, and what its filters do."
            "https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule"
        IngressFault "ingress-fault" "Why it leads nowhere" WorkedOut
            "What this way names cannot be reached: no such Service, or none of its ports."
            "https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource"
        GatewayFault "gateway-fault" "Why it leads nowhere" WorkedOut
            "A listener does not take this route, or what it names cannot be reached."
            "https://gateway-api.sigs.k8s.io/reference/spec/#httproutestatus"
        IdleListener "idle-listener" "Listener" Written
            "The Gateway listens here, but no route of this upload attaches to it."
            "https://gateway-api.sigs.k8s.io/reference/spec/#listener"
        IngressJack "ingress-jack" "Jack of an Ingress" Picture
            "Requests for this host and path plug in here. The wire goes straight to a Service port; controllers \
            mostly go on to the pods themselves."
            "https://kubernetes.io/docs/concepts/services-networking/ingress/"
        GatewayJack "gateway-jack" "Jack of a Gateway" Picture
            "Requests that this way takes plug in here. The wire goes straight to a Service port."
            "https://gateway-api.sigs.k8s.io/reference/spec/#listener"
    }
    "Inside the cluster" {
        InsideCluster "inside-cluster" "Clients inside the cluster" Picture
            "Any pod can dial any Service that has a cluster IP, from every namespace, unless a NetworkPolicy \
            forbids it."
            "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/"
        ByDnsName "by-dns-name" "By DNS name" Picture
            "The cluster's DNS has a name for every Service: name.namespace.svc, and the name alone within its \
            own namespace."
            "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#services"
        DnsName "dns-name" "DNS name of the Service" WorkedOut
            "It resolves to the cluster IP of the Service, which is then dialled with the Service's own port."
            "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#services"
        DnsNameOnly "dns-name-only" "DNS name of the Service" WorkedOut
            "It resolves to other addresses than one of the Service's own: those of its pods, or another name."
            "https://kubernetes.io/docs/concepts/services-networking/service/#headless-services"
        InsideJack "inside-jack" "Jack of a name" Picture
            "Pods in the cluster plug in here: they look the name up and dial what it resolves to."
            "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#services"
    }
    "Services" {
        ServiceName "service-name" "Name of the Service" Written
            "metadata.name: how pods find it by DNS. A Service is no process; it is an entry that every node \
            knows."
            "https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service"
        TypeClusterIp "type-cluster-ip" "type: ClusterIP" Written
            "Reached by its cluster IP, from inside the cluster alone."
            "https://kubernetes.io/docs/concepts/services-networking/service/#type-clusterip"
        TypeClusterIpDefaulted "type-cluster-ip-defaulted" "type: ClusterIP" Defaulted
            "No type is written, and ClusterIP is the default: reached by its cluster IP, from inside the cluster \
            alone."
            "https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types"
        TypeNodePort "type-node-port" "type: NodePort" Written
            "Reached by a port on every node as well as by its cluster IP."
            "https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport"
        TypeExternalName "type-external-name" "type: ExternalName" Written
            "No address and no pods: its DNS name is another name for a host."
            "https://kubernetes.io/docs/concepts/services-networking/service/#externalname"
        Headless "headless" "clusterIP: None" Written
            "A headless Service: no cluster IP. Its DNS name resolves to the addresses of its pods, and clients \
            dial these themselves."
            "https://kubernetes.io/docs/concepts/services-networking/service/#headless-services"
        TypeUnknown "type-unknown" "type" Written
            "Kubernetes knows ClusterIP, NodePort, LoadBalancer and ExternalName, and refuses any other."
            "https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types"
        Folded "folded" "Folded" Picture
            "The Services of a namespace, or of an application by the label app.kubernetes.io/part-of, as one card: \
            how many there are, how they are, and what leads to them. Opening it shows each."
            "https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/"
        FoldedJack "folded-jack" "Jack of what is folded" Picture
            "The ports of all Services that are folded here, as one. Opening the card shows which is which."
            "https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service"
        Namespace "namespace" "Namespace" WorkedOut
            "The namespace that the object is in: the one that is written, or default. A Service selects pods of \
            its own namespace alone."
            "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/"
        ClusterIp "cluster-ip" "clusterIP" Written
            "The Service's own address: virtual, on no machine. Nodes rewrite what is sent there to the address \
            of a pod."
            "https://kubernetes.io/docs/reference/networking/virtual-ips/"
        ClusterIpExample "cluster-ip-example" "clusterIP" Example
            "Every Service but headless ones and ExternalNames is given an address by the cluster. Nothing is \
            written here, so this one is made up."
            "https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation/"
        NoClusterIp "no-cluster-ip" "No cluster IP" Written
            "clusterIP: None is written, so nothing listens at an address of the Service's own."
            "https://kubernetes.io/docs/concepts/services-networking/service/#headless-services"
        NameAlone "name-alone" "A DNS name" WorkedOut
            "An ExternalName has no address of its own: DNS answers with another name."
            "https://kubernetes.io/docs/concepts/services-networking/service/#externalname"
        Refused "refused" "Refused by Kubernetes" WorkedOut
            "The API server does not take the object as it is written, so it never comes to be; the findings say \
            what to change."
            "https://kubernetes.io/docs/reference/using-api/api-concepts/#setting-the-field-validation-level"
        ServicePort "service-port" "port" Written
            "The port of the Service itself, which clients dial at its cluster IP. The only number that must be \
            written."
            "https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports"
        ServicePortHeadless "service-port-headless" "port" Written
            "A headless Service listens nowhere: its port stands in DNS alone (SRV records), and clients dial the \
            target port of a pod."
            "https://kubernetes.io/docs/concepts/services-networking/service/#headless-services"
        ServicePortUnused "service-port-unused" "port" Written
            "An ExternalName listens nowhere: clients look its name up and dial a port of their own at the other host."
            "https://kubernetes.io/docs/concepts/services-networking/service/#externalname"
        TargetUnused "target-unused" "Not applied" WorkedOut
            "No connection comes by here, so nobody puts a targetPort in place of the port that was dialled."
            "https://kubernetes.io/docs/concepts/services-networking/service/#externalname"
        PortAndProtocol "port-and-protocol" "Name and protocol" Written
            "The port's name, if it has one, and its protocol, which is written here."
            "https://kubernetes.io/docs/reference/networking/service-protocols/"
        PortAndProtocolDefaulted "port-and-protocol-defaulted" "Name and protocol" Defaulted
            "The port's name, if it has one. No protocol is written, and TCP is the default."
            "https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports"
        DnsOnly "dns-only" "DNS only" WorkedOut
            "Nothing listens here: the name, and the port's own name, are looked up in DNS."
            "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#srv-records"
        ServicePortJack "service-port-jack" "Jack of a Service port" Picture
            "Connections to the Service's address and this port enter here, whichever way they came."
            "https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports"
        TargetPortWritten "target-port-written" "targetPort" Written
            "The port on the pod that connections are sent to. The pod need not declare it, but something must \
            listen there."
            "https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports"
        TargetPortName "target-port-name" "targetPort" Written
            "A name: it is looked up on every selected pod by itself among the ports that its containers declare, \
            so it may be another number on each."
            "https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports"
        TargetPortDefaulted "target-port-defaulted" "targetPort" Defaulted
            "No targetPort is written, so it is the same number as the Service's port."
            "https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports"
        TargetNumber "target-number" "Where the number comes from" WorkedOut
            "The number is written in the Service, and used on every pod as it is."
            "https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports"
        TargetLookedUp "target-looked-up" "Where the number comes from" WorkedOut
            "What the name is on the pods that have a port of that name and the same protocol."
            "https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports"
        TargetNotFound "target-not-found" "Name not found" WorkedOut
            "On these pods no container declares a port of this name with the same protocol, so they are no \
            endpoints of this port."
            "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports"
        TargetListed "target-listed" "Where the number comes from" WorkedOut
            "A Service without a selector is sent to the ports that its EndpointSlices list, found by the name of \
            the port; targetPort plays no part."
            "https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors"
        NoneReady "none-ready" "None is ready" WorkedOut
            "Nobody behind this port takes traffic: only ready endpoints do."
            "https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions"
        OnlyOnePod "only-one-pod" "One pod alone" WorkedOut
            "The selector has a label that a single pod of the StatefulSet has."
            "https://kubernetes.io/docs/reference/labels-annotations-taints/#statefulset-kubernetes-io-pod-name"
        TargetPortJack "target-port-jack" "Jack of a target port" Picture
            "From here connections go to this port on one of the pods that answer."
            "https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports"
        NameJack "name-jack" "Jack of a name" Picture
            "The name leads on to what it resolves to; which port is dialled there is the client's own choice."
            "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/"
        SessionAffinity "session-affinity" "sessionAffinity: ClientIP" Written
            "A client, known by its address, is sent to the same pod again for so long."
            "https://kubernetes.io/docs/reference/networking/virtual-ips/#session-affinity"
        InternalLocal "internal-local" "internalTrafficPolicy: Local" Written
            "Connections from inside the cluster go only to pods on the client's own node; where there is none \
            they are dropped."
            "https://kubernetes.io/docs/concepts/services-networking/service-traffic-policy/"
        TrafficDistribution "traffic-distribution" "trafficDistribution" Written
            "A preference for pods that are near; others answer where none is."
            "https://kubernetes.io/docs/concepts/services-networking/service/#traffic-distribution"
        Cname "cname" "CNAME" Picture
            "The DNS record that an ExternalName makes: this name stands for another one."
            "https://kubernetes.io/docs/concepts/services-networking/service/#externalname"
        ExternalHost "external-host" "externalName" Written
            "The host that the Service's name stands for. Clients connect to it directly, and it must know them \
            by the name they used."
            "https://kubernetes.io/docs/concepts/services-networking/service/#externalname"
        NoPorts "no-ports" "No ports" WorkedOut
            "A headless Service may have no ports: its name resolves to the addresses of its pods, and clients \
            dial whichever port they like."
            "https://kubernetes.io/docs/concepts/services-networking/service/#headless-services"
        PodAddresses "pod-addresses" "Pod addresses" WorkedOut
            "What the name of a headless Service resolves to."
            "https://kubernetes.io/docs/concepts/services-networking/service/#headless-services"
    }
    "Pods" {
        WorkloadName "workload-name" "Name" Written
            "The workload whose pods these are, or the Pod itself."
            "https://kubernetes.io/docs/concepts/workloads/controllers/"
        WorkloadKind "workload-kind" "Kind of workload" Written
            "What makes the pods, each from the same template."
            "https://kubernetes.io/docs/concepts/workloads/controllers/"
        PodKind "pod-kind" "Pod" Written
            "A Pod that stands in the upload by itself."
            "https://kubernetes.io/docs/concepts/workloads/pods/"
        Replicas "replicas" "How many pods" WorkedOut
            "replicas where it is written, else 1; for live pods, how many there are. A DaemonSet has one for \
            each node that it fits."
            "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#replicas"
        MorePods "more-pods" "Further pods" WorkedOut
            "Five are drawn; this many more are like them."
            "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#replicas"
        PodAddress "pod-address" "Address of a pod" Written
            "From the status of the first of these pods. A new pod has a new address, which is why clients dial a \
            Service."
            "https://kubernetes.io/docs/concepts/cluster-administration/networking/"
        PodAddressExample "pod-address-example" "Address of a pod" Example
            "Made up for this picture: a pod is given its address when it starts."
            "https://kubernetes.io/docs/concepts/cluster-administration/networking/"
        NoPodAddress "no-pod-address" "No address" WorkedOut
            "The upload has the status of its pods, and this one has no address there."
            "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/"
        ScaledToZero "scaled-to-zero" "Scaled to 0" WorkedOut
            "No pod is asked for at present, so nobody answers."
            "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#scaling-a-deployment"
        PodReady "pod-ready" "A ready pod" Written
            "Its status says that it is ready, so it gets traffic."
            "https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions"
        PodAssumedReady "pod-assumed-ready" "A pod" WorkedOut
            "A manifest says nothing of readiness, so the pod is taken to run and be ready."
            "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes"
        PodWaiting "pod-waiting" "A pod that is not ready" WorkedOut
            "It gets no traffic: only ready pods do, unless the Service says otherwise."
            "https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions"
        PodOff "pod-off" "No pod" WorkedOut
            "Scaled to 0, or refused by Kubernetes: nobody is there."
            "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#scaling-a-deployment"
        ContainerPort "container-port" "containerPort" Written
            "The port of a container that connections end at."
            "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports"
        ContainerPortName "container-port-name" "Name and protocol" Written
            "What the container calls its port, which a targetPort may name, and its protocol where that is not \
            TCP."
            "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports"
        ContainerPortUnnamed "container-port-unnamed" "Name and protocol" Defaulted
            "The port has no name; its protocol is TCP unless it says otherwise."
            "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports"
        NotDeclared "not-declared" "Not declared" WorkedOut
            "No container declares this port. It works all the same where something listens there: declaring a \
            port is for readers, and for names."
            "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports"
        Container "container" "Container" Written
            "The container that declares the port. All containers of a pod share its address."
            "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container"
        MissingName "missing-name" "A name that is not there" WorkedOut
            "The Service asks for a port of this name, and no container of these pods declares one with the same \
            protocol."
            "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports"
        AnyPort "any-port" "Any port" WorkedOut
            "Clients dial the pod itself, on whichever port they like."
            "https://kubernetes.io/docs/concepts/services-networking/service/#headless-services"
        ContainerPortJack "container-port-jack" "Jack of a container port" Picture
            "Wires end here: a port that a container declares."
            "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports"
        HollowJack "hollow-jack" "Hollow jack" Picture
            "A port that no container declares. It works where something listens there."
            "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports"
        NeverReady "never-ready" "Never ready" WorkedOut
            "The probe asks for a port by a name that its container does not declare, so it can never succeed."
            "https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes"
        PodNames "pod-names" "Names of the pods" WorkedOut
            "Under a headless Service every pod of a StatefulSet, and whoever has a hostname and subdomain, has a \
            DNS name of its own."
            "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id"
        NetworkPolicy "network-policy" "NetworkPolicy" WorkedOut
            "A NetworkPolicy of this namespace selects these pods, and may keep traffic from them. Whom it lets in is \
            not evaluated, nor whether the cluster's network heeds it; for pods on their node's own network \
            Kubernetes leaves that open."
            "https://kubernetes.io/docs/concepts/services-networking/network-policies/"
        UnusedPorts "unused-ports" "Ports that no Service uses" WorkedOut
            "The containers declare more ports, to which no Service of this upload leads."
            "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports"
    }
    "Listed addresses" {
        SliceName "slice-name" "Name of the slice" Written
            "The EndpointSlice, or Endpoints object, that lists who answers."
            "https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/"
        SliceKind "slice-kind" "Kind of list" Written
            "Addresses that somebody wrote by hand, or that a controller of another sort keeps, in place of pods \
            that a selector picks."
            "https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors"
        ListedCount "listed-count" "How many addresses" Written
            "All endpoints that are listed, ready or not."
            "https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions"
        ListedAddress "listed-address" "Listed address" Written
            "The first of the addresses that the EndpointSlice or Endpoints object lists."
            "https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#address-types"
        ListedReady "listed-ready" "A ready endpoint" WorkedOut
            "It is listed as ready, or nothing is said of it, which counts as ready."
            "https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions"
        ListedWaiting "listed-waiting" "An endpoint that is not ready" Written
            "It is listed as not ready, and gets no traffic."
            "https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions"
        ListedPort "listed-port" "Port of the slice" Written
            "The port that traffic is sent to at these addresses. It is matched with the Service's port by name."
            "https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors"
        ListedPortName "listed-port-name" "Name and protocol" Written
            "By these the Service's port and the slice's are matched."
            "https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/"
        ListedJack "listed-jack" "Jack of a listed port" Picture
            "Wires end here: a port that a slice lists."
            "https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/"
    }
    "Where wires end" {
        EndOutside "end-outside" "A host outside" WorkedOut
            "The name stands for a host that no object of the upload describes."
            "https://kubernetes.io/docs/concepts/services-networking/service/#externalname"
        EndAlias "end-alias" "Another Service" WorkedOut
            "The name stands for a Service of this cluster; its ports are as they are there."
            "https://kubernetes.io/docs/concepts/services-networking/service/#externalname"
        EndNoSelector "end-no-selector" "No selector" WorkedOut
            "Kubernetes makes no endpoints for a Service without a selector; who answers must be listed in \
            EndpointSlices, and none is in the upload."
            "https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors"
        EndOutsideUpload "end-outside-upload" "Not in this upload" WorkedOut
            "There is no pod and no workload in the upload, so who answers cannot be known. Nothing is wrong for \
            that."
            "https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service"
        EndNoPod "end-no-pod" "No pod in this upload" WorkedOut
            "No pod has all the labels of the selector, and nothing tells what was meant. The pods may be \
            elsewhere."
            "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/"
        EndNobody "end-nobody" "Nobody answers" WorkedOut
            "No pod has all the labels of the selector in the Service's own namespace, so connections are \
            refused. The words say what was probably meant."
            "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/"
        EndRefused "end-refused" "The selector cannot be read" WorkedOut
            "A value of the selector is not text, or all of it is no map: Kubernetes refuses the Service."
            "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/"
        EndNoAddress "end-no-address" "No address" WorkedOut
            "Who was selected or listed has no address of a family that the Service has."
            "https://kubernetes.io/docs/concepts/services-networking/dual-stack/#services"
        EndNotListed "end-not-listed" "No slice has this port" WorkedOut
            "The slices of the Service list no port with this name and protocol."
            "https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors"
    }
    "Wires and signs" {
        WireCarries "wire-carries" "A line" Picture
            "Traffic flows here, as far as the upload says."
            "https://kubernetes.io/docs/reference/networking/virtual-ips/"
        WireDotted "wire-dotted" "A dotted line" Picture
            "The cluster has yet to allocate something, or what would tell is not in this upload."
            "https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport"
        WireFaint "wire-faint" "A grey, broken line" Picture
            "Nobody takes traffic there now: not ready, no local pod, or scaled to 0."
            "https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions"
        WireBroken "wire-broken" "A red line with a cross" Picture
            "Nobody answers. The card at its end says why."
            "https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service"
        MarkUdp "mark-udp" "A bar in the jack" Picture
            "The port speaks UDP. TCP is a dot."
            "https://kubernetes.io/docs/reference/networking/service-protocols/"
        MarkSctp "mark-sctp" "A square in the jack" Picture
            "The port speaks SCTP, which not every network of a cluster carries."
            "https://kubernetes.io/docs/reference/networking/service-protocols/"
        Slanted "slanted" "Slanted letters" Example
            "An address that is made up, since the upload has none. The ones of the first example are those of \
            the picture that Podwire began from."
            "https://kubernetes.io/docs/concepts/cluster-administration/networking/"
        Unchecked "unchecked" "Not checked" Picture
            "A NetworkPolicy or a service mesh may forbid what is drawn here. Podwire does not evaluate them."
            "https://kubernetes.io/docs/concepts/services-networking/network-policies/"
    }
}
