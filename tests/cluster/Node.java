import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/** One node of a cluster in this process: Node NUMBER NODES FOLDER PORT. Node n listens on PORT + n, to other nodes on PORT + 10 + n. */
public class Node {
    public static void main(String[] args) throws Exception {
        int number = Integer.parseInt(args[0]), nodes = Integer.parseInt(args[1]), port = Integer.parseInt(args[3]);
        String hosts = IntStream.rangeClosed(1, nodes).mapToObj(n -> "127.0.0.1:" + (port + 10 + n)).collect(Collectors.joining(","));
        String names = IntStream.rangeClosed(1, nodes).mapToObj(n -> "node" + n).collect(Collectors.joining(","));
        OpenSearchRunner runner = new OpenSearchRunner();
        runner.onBuild((index, settings) -> {
            settings.put("node.name", "node" + number);
            settings.put("http.port", port + number);
            settings.put("transport.port", port + 10 + number);
            settings.put("discovery.type", "zen");
            settings.putList("discovery.seed_hosts", hosts.split(","));
            settings.putList("cluster.initial_cluster_manager_nodes", names.split(","));
            settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
        });
        runner.build(OpenSearchRunner.newConfigs().basePath(args[2] + "/node" + number).clusterName("archive-tests").numOfNode(1).disableESLogger());
        Thread.currentThread().join();
    }
}
